"""From a method and a path to its row in the route table."""

from collections.abc import Iterable
from typing import Final

from gateway.refusals import MethodNotAllowed, NoSuchAddress
from gateway.route import Route

_METHODS_THAT_NEED_A_HANDLER: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


class _Node:
    __slots__ = ("any", "named", "routes")

    def __init__(self) -> None:
        self.named: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.routes: dict[str, Route] = {}


class Router:
    """Matches a path segment by segment; a written segment wins over ``{id}``."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def match(self, method: str, path: str) -> tuple[Route, tuple[str, ...]]:
        """Return the route and the ids of the path; raise ``NoSuchAddress`` or ``MethodNotAllowed``."""
        node, ids = self._find(path)
        route = node.routes.get("GET" if method == "HEAD" else method)
        if route is None:
            raise MethodNotAllowed(method=method, allow=", ".join(_allowed(node)))
        return route, ids

    def allowed(self, path: str) -> list[str]:
        """Return the methods that ``path`` takes; raise ``NoSuchAddress`` where there is none."""
        return _allowed(self._find(path)[0])

    def _find(self, path: str) -> tuple[_Node, tuple[str, ...]]:
        node = self._root
        ids: tuple[str, ...] = ()
        for segment in path[1:].split("/"):
            following = node.named.get(segment)
            if following is None:
                following = node.any
                if following is None or not segment:
                    raise NoSuchAddress
                ids = (*ids, _text(segment))
            node = following
        if not node.routes:
            raise NoSuchAddress
        return node, ids

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.path[1:].split("/"):
            if segment.startswith("{"):
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.named.setdefault(segment, _Node())
        if route.method in node.routes:
            message = f"two routes for {route.method} {route.path}"
            raise ValueError(message)
        node.routes[route.method] = route


def _allowed(node: _Node) -> list[str]:
    allowed: list[str] = [method for method in _METHODS_THAT_NEED_A_HANDLER if method in node.routes]
    if "GET" in allowed:
        allowed.append("HEAD")
    return [*allowed, "OPTIONS"]


def _text(segment: str) -> str:
    # WSGI hands the path over as latin-1, whatever it is; text in our ids is UTF-8.
    if segment.isascii():
        return segment
    try:
        return segment.encode("latin-1").decode()
    except UnicodeDecodeError:
        raise NoSuchAddress from None
