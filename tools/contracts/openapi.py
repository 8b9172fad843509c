"""The HTTP API as OpenAPI 3.1, from the route table and the services' declarations."""

from http import HTTPStatus
from typing import Any

from chassis.declarations import Contract
from gateway.route import Route
from gateway.routes import ROUTES
from tools.contracts import composed
from tools.contracts.openapi_parts import ANY_PROBLEMS, TAGS, described_problems, header, path_parameters, problems
from tools.contracts.services import all_contracts
from tools.contracts.shapes import PROBLEM, Shapes

SECURITY: list[dict[str, list[str]]] = [{"token": []}, {"session": [], "csrf": []}]
NO_BODY = frozenset({"GET", "DELETE"})


def build() -> dict[str, Any]:
    """Return the document of everything in ``gateway.routes``."""
    shapes = Shapes()
    contracts = dict(all_contracts())
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        contract = contracts.get(route.rpc)
        operation = _operation(route, contract, shapes) if contract else composed.operation(route)
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Trato",
            "version": "1",
            "description": "The public HTTP API of the Trato CRM suite. The names under /v1 are promises.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": SECURITY,
        "paths": paths,
        "components": {
            "schemas": {**shapes.schemas, "Problem": PROBLEM},
            "responses": used_problems(paths),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "An API key or an access token."},
                "session": {"type": "apiKey", "in": "cookie", "name": "trato_session"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
            },
        },
    }


def used_problems(paths: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the refusals that some operation may answer."""
    used = {status for path in paths.values() for operation in path.values() for status in operation["responses"]}
    return {status: problem for status, problem in described_problems().items() if status in used}


def _operation(route: Route, contract: Contract, shapes: Shapes) -> dict[str, Any]:
    summary, _, description = contract.summary.partition("\n")
    parameters = [*path_parameters(route, contract), *_query(contract, shapes), *_headers(route, contract)]
    operation: dict[str, Any] = {
        "operationId": route.rpc.replace(".", "_"),
        "summary": summary,
        "tags": TAGS.findall(route.path)[:1],
        "parameters": parameters,
        "responses": _responses(route, contract, shapes),
    }
    if description.strip():
        operation["description"] = description.strip()
    if contract.permission:
        operation["x-permission"] = contract.permission
    if contract.needs is None:
        operation["security"] = []
    if body := shapes.body(contract):
        operation["requestBody"] = body
    return operation


def _query(contract: Contract, shapes: Shapes) -> list[dict[str, Any]]:
    if contract.lists is not None and contract.filters is not None and not contract.searches:
        return shapes.list_parameters(contract.filters)
    return shapes.parameters(contract.params) if contract.params else []


def _headers(route: Route, contract: Contract) -> list[dict[str, Any]]:
    found = []
    if route.method == "POST" and contract.kind == "command" and contract.needs is not None:
        found.append(header("Idempotency-Key", "The same key and body again gives the same answer.", max_length=255))
    if contract.patches:
        found.append(header("If-Match", "The ETag of the version you are changing.", required=True))
    return found


def _responses(route: Route, contract: Contract, shapes: Shapes) -> dict[str, Any]:
    done: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if (content := shapes.answer(contract)) and route.status != HTTPStatus.NO_CONTENT:
        done["content"] = {"application/json": {"schema": content}}
    statuses = set(ANY_PROBLEMS)
    if contract.needs is not None:
        statuses |= {401, 403}
    if "{" in route.path:
        statuses |= {404}
    if route.method not in NO_BODY:
        statuses |= {404, 409, 413, 415, 422}
    if contract.lists or contract.params or not contract.ids:
        statuses |= {422}
    if route.method == "DELETE":
        statuses |= {409, 412, 422}
    if route.method in {"PATCH", "POST", "PUT"}:
        statuses |= {412, 428} if contract.patches else {412}
    if route.method == "GET":
        statuses |= {422}
    return {str(route.status): done, **problems(sorted(statuses))}
