"""The request id and the trace of a request: the caller's where they are sound, else new ones."""

import re
import secrets
from typing import Any, Final

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
_TRACEPARENT: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def request_id(environ: dict[str, Any]) -> str:
    """Return the caller's X-Request-ID, or a new one."""
    given: str | None = environ.get("HTTP_X_REQUEST_ID")
    return given if given is not None and _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def traceparent(environ: dict[str, Any]) -> str:
    """Return the caller's W3C traceparent, or the first step of a new trace."""
    given: str | None = environ.get("HTTP_TRACEPARENT")
    if given is not None and _TRACEPARENT.fullmatch(given):
        return given
    random = secrets.token_hex(24)
    return f"00-{random[:32]}-{random[32:]}-01"
