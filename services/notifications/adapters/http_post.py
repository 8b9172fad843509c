"""Posting to a receiver: to the address that was checked, following no redirect, reading a little of the answer."""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

SECONDS: Final = 15.0  # for connecting, and between two pieces of the answer
READ: Final = 8 * 1024
_TLS: Final = ssl.create_default_context()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a receiver answered: HTTP status, the beginning of the body, and its wish for a pause in seconds."""

    status: int
    body: str
    retry_after: int | None


def place_of(url: str) -> tuple[str, int]:
    """Return host and port of an address."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def post(url: str, addresses: Sequence[str], body: bytes, headers: Mapping[str, str]) -> Answered:
    """Post ``body`` to the first of ``addresses`` that takes it. Raises ``OSError`` or ``HTTPException``."""
    parts = urlsplit(url)
    connection = _connected(parts, addresses)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return Answered(status=answer.status, body=_beginning(answer), retry_after=_pause(answer))
    finally:
        connection.close()


def _connected(parts: SplitResult, addresses: Sequence[str]) -> http.client.HTTPConnection:
    host, port = place_of(parts.geturl())
    failure: OSError | None = None
    for address in addresses:
        try:
            plain = socket.create_connection((address, port), SECONDS)
        except OSError as error:
            failure = error
            continue
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
        # The name is for the certificate and the Host header; the connection goes to the address that was checked.
        connection.sock = _TLS.wrap_socket(plain, server_hostname=host) if parts.scheme == "https" else plain
        return connection
    raise failure or OSError("the name has no address")


def _beginning(answer: http.client.HTTPResponse) -> str:
    text, end = b"", time.monotonic() + SECONDS
    while len(text) < READ and time.monotonic() < end and (piece := answer.read1(READ - len(text))):
        text += piece
    return text.decode("utf-8", "replace").replace("\x00", "�")


def _pause(answer: http.client.HTTPResponse) -> int | None:
    wish = answer.getheader("Retry-After") or ""
    return int(wish) if wish.isascii() and wish.isdigit() and len(wish) < 7 else None  # noqa: PLR2004 - eleven days
