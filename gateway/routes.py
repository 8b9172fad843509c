"""The public HTTP API at a glance: one line for each endpoint.

``rpc`` names the operation that answers. ``gateway.…`` is answered here, by composing what services say.
"""

from dataclasses import dataclass
from typing import Literal

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Route:
    """``POST /v1/deals`` is answered by ``sales.open_deal``.

    ``anonymous`` routes take callers without a credential. ``bulk`` routes take larger bodies. ``located`` is
    where what was created lives, when that is not the path followed by the id. ``seconds`` replaces the time
    that the operation may take.
    """

    method: Method
    path: str
    rpc: str
    status: int = 200
    anonymous: bool = False
    bulk: bool = False
    located: str | None = None
    seconds: float | None = None


def get(path: str, rpc: str, **more: object) -> Route:
    return Route("GET", path, rpc, **more)  # type: ignore[arg-type]


def post(path: str, rpc: str, status: int = 200, **more: object) -> Route:
    return Route("POST", path, rpc, status, **more)  # type: ignore[arg-type]


def create(path: str, rpc: str, **more: object) -> Route:
    return Route("POST", path, rpc, 201, **more)  # type: ignore[arg-type]


def put(path: str, rpc: str) -> Route:
    return Route("PUT", path, rpc)


def patch(path: str, rpc: str) -> Route:
    return Route("PATCH", path, rpc)


def delete(path: str, rpc: str) -> Route:
    return Route("DELETE", path, rpc, 204)


ROUTES: tuple[Route, ...] = (
    # session
    create("/v1/session", "gateway.log_in", anonymous=True, located="/v1/session"),
    get("/v1/session", "gateway.who_am_i"),
    delete("/v1/session", "gateway.log_out"),
    patch("/v1/session", "administration.update_profile"),
    post("/v1/session/password", "administration.change_own_password"),
    create("/v1/session/token", "gateway.token"),
    # contacts
    create("/v1/people", "contacts.create_person"),
    get("/v1/people", "contacts.list_people"),
    get("/v1/people/{id}", "contacts.get_person"),
    patch("/v1/people/{id}", "contacts.update_person"),
    delete("/v1/people/{id}", "contacts.delete_person"),
    # administration
    create("/v1/users", "administration.create_user"),
    get("/v1/users", "administration.list_users"),
    get("/v1/users/{id}", "administration.get_user"),
    # composed
    get("/v1/customers/{id}", "gateway.customer"),
    get("/v1/search", "gateway.search"),
    get("/v1/jobs/{id}", "gateway.job"),
    post("/v1/jobs/{id}/cancel", "gateway.cancel_job"),
    post("/v1/exports", "gateway.export", 202),
    get("/v1/files/{token}", "gateway.file", anonymous=True),
    get("/v1/live", "gateway.live"),
    # descriptions
    get("/v1/openapi.json", "gateway.openapi", anonymous=True),
    get("/v1/asyncapi.json", "gateway.asyncapi", anonymous=True),
    get("/v1/events/{type}", "gateway.event_schema", anonymous=True),
)
