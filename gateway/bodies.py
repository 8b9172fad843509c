"""Reading a request's body: its size, its media type, its JSON."""

from typing import Any, Final

import orjson

from chassis.errors import TooLarge
from gateway.refusals import MalformedJson, MalformedRequest, UnsupportedMediaType
from gateway.request import Request

_JSON_TYPES: Final = frozenset({"application/json", "application/merge-patch+json"})


def read_json(request: Request, limit: int) -> Any:
    """Return the body as JSON values, or None where there is none.

    Raises ``TooLarge`` (413) above ``limit`` bytes, ``UnsupportedMediaType`` (415) and ``MalformedJson`` (400).
    """
    raw = _read(request, limit)
    if not raw:
        return None
    media = request.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media not in _JSON_TYPES:
        raise UnsupportedMediaType(expected="application/json")
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise MalformedJson(reason=error.msg, line=error.lineno, column=error.colno, position=error.pos) from None
    if b"\\u0000" in raw and _has_nul(content):
        # No database column takes this character, and no text that a person wrote has it.
        raise MalformedJson(reason="character U+0000", line=1, column=1, position=raw.index(b"\\u0000"))
    return content


def _read(request: Request, limit: int) -> bytes:
    environ = request.environ
    length = environ.get("CONTENT_LENGTH")
    if length is not None:
        if not length.isascii() or not length.isdigit():
            raise MalformedRequest(part="Content-Length")
        if int(length) > limit:
            raise TooLarge(limit=f"{limit} bytes")
        if length == "0":
            return b""
    elif environ.get("HTTP_TRANSFER_ENCODING") is None:
        return b""
    # One byte more than allowed: a chunked body does not say its length beforehand.
    raw: bytes = environ["wsgi.input"].read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(limit=f"{limit} bytes")
    return raw


def _has_nul(content: Any) -> bool:
    if isinstance(content, str):
        return "\x00" in content
    if isinstance(content, dict):
        return any(_has_nul(key) or _has_nul(value) for key, value in content.items())
    return isinstance(content, list) and any(map(_has_nul, content))
