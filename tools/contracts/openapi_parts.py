"""The pieces that every operation in the OpenAPI document is made of."""

import re
from http import HTTPStatus
from typing import Any, Final

from chassis.declarations import Contract
from gateway.route import Route
from tools.contracts.shapes import reference

ANY_PROBLEMS: Final = (400, 414, 429, 431, 500, 503, 504)
TAGS: Final = re.compile(r"^/v1/([a-z-]+)")


def path_parameters(route: Route, contract: Contract | None = None, *, text: bool = False) -> list[dict[str, Any]]:
    """Return the parameters in a route's path; an id is a UUID unless the operation takes it as text."""
    names = re.findall(r"{(\w+)}", route.path)
    kinds = [kind for _, kind in contract.ids] if contract else [str if text else None] * len(names)
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "minLength": 1}
            if index < len(kinds) and kinds[index] is str
            else {"type": "string", "format": "uuid"},
        }
        for index, name in enumerate(names)
    ]


def header(name: str, description: str, *, required: bool = False, max_length: int | None = None) -> dict[str, Any]:
    """Return a header parameter: printable ASCII, as HTTP wants it."""
    schema: dict[str, Any] = {"type": "string", "minLength": 1, "pattern": "^[!-~]+$"}
    if max_length:
        schema["maxLength"] = max_length
    return {"name": name, "in": "header", "required": required, "description": description, "schema": schema}


def problems(statuses: list[int]) -> dict[str, Any]:
    """Return the refusals an operation may answer, each a problem document."""
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def described_problems() -> dict[str, Any]:
    """Return every refusal there is, as components that operations point at."""
    return {str(status.value): problem(status.phrase) for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST}


def problem(description: str) -> dict[str, Any]:
    """Return a refusal as a response."""
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": reference("Problem")}},
    }
