"""What protects the caller's browser and tells us who really called: headers, CORS, proxies."""

import functools
import ipaddress
from typing import Any, Final

from gateway.settings import GatewaySettings

# Said with every answer. JSON needs nothing of a page, so its policy allows nothing.
HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STRICT_TRANSPORT: Final = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")

_ALLOWED_HEADERS: Final = (
    "Authorization, Content-Type, Accept-Language, Idempotency-Key, If-Match, If-None-Match, "
    "Last-Event-ID, X-CSRF-Token, X-Request-ID, traceparent"
)
_EXPOSED_HEADERS: Final = (
    "ETag, Location, Link, Retry-After, Idempotent-Replayed, X-Request-ID, traceparent, Content-Disposition"
)


class Cors:
    """Cross-origin answers for the origins of the settings; for no origin by default."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = frozenset(origins)
        self.enabled = bool(origins)

    def headers(self, environ: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the headers of an answer to this request."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is None or not self._allows(origin):
            return [("Vary", "Origin")]
        return [
            ("Vary", "Origin"),
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", _EXPOSED_HEADERS),
        ]

    def preflight(self, environ: dict[str, Any], allowed: list[str]) -> list[tuple[str, str]]:
        """Return the further headers of an answer to a browser's OPTIONS request."""
        if not self._allows(environ.get("HTTP_ORIGIN", "")):
            return []
        return [
            ("Access-Control-Allow-Methods", ", ".join(allowed)),
            ("Access-Control-Allow-Headers", _ALLOWED_HEADERS),
            ("Access-Control-Max-Age", "600"),
        ]

    def _allows(self, origin: str) -> bool:
        # "*" is never matched literally: with credentials it would open the API to every page of the web.
        return origin in self._origins


class Callers:
    """Which address a request comes from, believing only the proxies of the settings."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._trusted = settings.trusted_proxies
        self._is_trusted = functools.lru_cache(maxsize=1024)(self._in_trusted_network)

    def address(self, environ: dict[str, Any]) -> str:
        """Return the caller's address: the last one named by a proxy we trust."""
        nearest: str = environ.get("REMOTE_ADDR", "")
        if not self._trusted or not self._is_trusted(nearest):
            return nearest
        if environ.get("HTTP_X_FORWARDED_PROTO") in {"http", "https"}:
            environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        forwarded: str = environ.get("HTTP_X_FORWARDED_FOR", "")
        for hop in reversed(forwarded.split(",")):
            address = hop.strip()
            if not address:
                break
            if not self._is_trusted(address):
                return address
            nearest = address
        return nearest

    def _in_trusted_network(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)
