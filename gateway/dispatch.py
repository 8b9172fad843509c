"""From HTTP to RPC and back, knowing no schema: ids, body and query go in, the service's bytes come out."""

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from chassis.client import Client, Reply
from chassis.errors import PreconditionRequired, VersionConflict
from gateway.answers import JSON, Answer
from gateway.bodies import read_json
from gateway.identity import Identity
from gateway.refusals import MalformedRequest
from gateway.request import Request
from gateway.route import Route
from gateway.settings import GatewaySettings

if TYPE_CHECKING:
    from gateway.records import Records

_CREATED: Final = 201
_NO_CONTENT: Final = 204
_MAX_KEY: Final = 255
_MAX_VERSION_DIGITS: Final = 10
_READS: Final = frozenset({"GET", "HEAD"})


class Dispatcher:
    """Answers every route whose operation lives in a service."""

    def __init__(self, client: Client, settings: GatewaySettings, records: "Records") -> None:
        self._client = client
        self._settings = settings
        self._records = records

    def answer(self, request: Request, route: Route) -> Answer:
        """Return the service's answer as HTTP. Raises ``Refusal`` as the service does, and the client's failures."""
        settings = self._settings
        data = None
        if request.method not in _READS:
            data = read_json(request, settings.max_bulk_body if route.bulk else settings.max_body)
        if route.about:
            data = self._records.laid_out(request, data)
        reply = self._client.call(
            route.rpc,
            *request.ids,
            data=data,
            params=request.params(),
            headers=rpc_headers(request),
            timeout=route.seconds or settings.request_timeout,
        )
        return http_answer(request, route, reply)


def rpc_headers(request: Request, identity: Identity | None = None) -> dict[str, str]:
    """Return what travels with every call: who, which request, which trace, which language, which version."""
    headers = {
        "nameko.request_id": request.request_id,
        "nameko.traceparent": request.traceparent,
        "nameko.locale": request.locale,
    }
    identity = identity or request.identity
    if identity is not None:
        headers["nameko.actor"] = identity.signed_actor()
    if request.method in _READS:
        return headers
    key = request.header("IDEMPOTENCY_KEY")
    if key is not None:
        if not key or len(key) > _MAX_KEY or not key.isascii() or not key.isprintable():
            raise MalformedRequest(part="Idempotency-Key")
        headers["nameko.idempotency_key"] = key
    match = request.header("IF_MATCH")
    if match is not None:
        headers["nameko.if_match"] = _version(match)
    return headers


def http_answer(request: Request, route: Route, reply: Reply) -> Answer:
    """Return the reply as HTTP: its bytes untouched, its headers translated."""
    said = reply.headers
    version = said.get("x-etag")
    headers = []
    if version is not None:
        etag = f'"{version}"'
        if request.method in _READS and _names(request.header("IF_NONE_MATCH"), etag):
            return Answer(304, b"", [("ETag", etag)])
        headers.append(("ETag", etag))
    if route.status == _NO_CONTENT:
        return Answer(204, b"", headers)
    headers.append(("Content-Type", JSON))
    if said:
        _translate(request, route, said, headers)
    return Answer(route.status, reply.body, headers)


def _translate(request: Request, route: Route, said: dict[str, str], headers: list[tuple[str, str]]) -> None:
    if route.status == _CREATED and (id_ := said.get("x-id")):
        headers.append(("Location", f"{route.located or request.path}/{id_}"))
    if cursor := said.get("x-next-cursor"):
        headers.append(("Link", f'<{_next(request, cursor)}>; rel="next"'))
    if said.get("x-replayed"):
        headers.append(("Idempotent-Replayed", "true"))
    if canonical := said.get("x-canonical-id"):
        headers.append(("Content-Location", f"{request.path.rpartition('/')[0]}/{canonical}"))


def _next(request: Request, cursor: str) -> str:
    kept = [
        (name, value)
        for name, value in parse_qsl(request.environ["QUERY_STRING"], keep_blank_values=True)
        if name != "cursor"
    ]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _version(if_match: str) -> str:
    version = if_match.strip().removeprefix("W/").strip('"')
    if version == "*":
        # "Whatever it is now" is what optimistic locking is there to prevent.
        raise PreconditionRequired
    if not version.isascii() or not version.isdigit() or len(version) > _MAX_VERSION_DIGITS:
        # No version of ours looks like this, so it cannot be the present one.
        raise VersionConflict
    return version


def _names(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or "*" in tags
