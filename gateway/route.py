"""One endpoint of the public HTTP API, and the short words in which the route tables list them."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Route:
    """``POST /v1/deals`` is answered by ``sales.open_deal``.

    ``anonymous`` routes take callers without a credential. ``bulk`` routes take larger bodies. ``located`` is
    where what was created lives, when that is not the path followed by the id. ``seconds`` replaces the time
    that the operation may take. ``about`` gives the service the content of the record that the body names.
    """

    method: Method
    path: str
    rpc: str
    status: int = 200
    anonymous: bool = False
    bulk: bool = False
    located: str | None = None
    seconds: float | None = None
    about: bool = False


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
