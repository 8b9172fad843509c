"""One HTTP request as the gateway sees it: the WSGI environment, read once and only where needed."""

from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from gateway.refusals import MalformedRequest

if TYPE_CHECKING:
    from gateway.identity import Identity
    from gateway.route import Route

MAX_QUERY_FIELDS = 200

Params = dict[str, str | list[str]]


class Request:
    """What handlers are given. ``identity`` is set before any handler that is not anonymous runs."""

    __slots__ = (
        "address",
        "environ",
        "identity",
        "ids",
        "locale",
        "method",
        "path",
        "request_id",
        "route",
        "started",
        "traceparent",
    )

    def __init__(
        self,
        environ: dict[str, Any],
        *,
        address: str,
        request_id: str,
        traceparent: str,
        locale: str,
    ) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ["PATH_INFO"]
        self.address = address
        self.request_id = request_id
        self.traceparent = traceparent
        self.locale = locale
        self.started = perf_counter()
        self.route: Route | None = None
        self.ids: tuple[str, ...] = ()
        self.identity: Identity | None = None

    def header(self, name: str) -> str | None:
        """Return a request header by its WSGI name, for example ``IF_MATCH``."""
        value: str | None = self.environ.get(f"HTTP_{name}")
        return value

    def params(self) -> Params:
        """Return the query string; a parameter given more than once becomes a list."""
        query: str = self.environ.get("QUERY_STRING", "")
        if not query:
            return {}
        try:
            pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
        except ValueError:
            raise MalformedRequest(part="query") from None
        params: Params = {}
        for name, value in pairs:
            if "\x00" in name or "\x00" in value:
                raise MalformedRequest(part="query")
            before = params.get(name)
            if before is None:
                params[name] = value
            elif isinstance(before, list):
                before.append(value)
            else:
                params[name] = [before, value]
        return params

    @property
    def is_https(self) -> bool:
        return bool(self.environ.get("wsgi.url_scheme") == "https")
