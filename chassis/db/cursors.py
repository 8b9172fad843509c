"""Signed cursors: where a page of a list ended, in a form that only we can make."""

import base64
import binascii
import hashlib
import hmac
from typing import Any, Final

import orjson

_MAC_BYTES: Final = 12


def seal(position: list[Any], question: str, secret: str) -> str:
    """Return the cursor for ``position``; it is valid for the same ``question`` (filters, sorting) only."""
    payload = orjson.dumps(position)
    return base64.urlsafe_b64encode(_mac(payload, question, secret) + payload).rstrip(b"=").decode()


def unseal(cursor: str, question: str, secret: str) -> list[Any] | None:
    """Return the position in ``cursor``, or None where it is not ours or answers another question."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(payload, question, secret)):
        return None
    position = orjson.loads(payload)
    return position if isinstance(position, list) else None


def _mac(payload: bytes, question: str, secret: str) -> bytes:
    message = hashlib.sha256(question.encode("utf-8", "replace")).digest() + payload
    return hmac.new(b"cursor:" + secret.encode(), message, hashlib.sha256).digest()[:_MAC_BYTES]
