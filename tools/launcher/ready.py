"""Asks whether something answers yet, with plain sockets: an HTTP path, or a broker's first AMQP frame."""

import socket
from urllib.parse import urlsplit

_AMQP_HEADER = b"AMQP\x00\x00\x09\x01"
_START_FRAME = b"\x01\x00\x00"
_SECONDS = 2.0


def http_status(host: str, port: int, path: str) -> int:
    """Return the status that a GET answers, 0 when nobody answers."""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    words = _exchange(host, port, request.encode("ascii"), 12).split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0


def http_ok(host: str, port: int, path: str) -> bool:
    """Whether a GET answers 200."""
    return http_status(host, port, path) == 200  # noqa: PLR2004 - HTTP's own number


def broker_answers(url: str) -> bool:
    """Whether a broker at ``url`` opens the AMQP conversation; over TLS only the port is tried."""
    parts = urlsplit(url)
    host = parts.hostname or "127.0.0.1"
    if parts.scheme == "amqps":
        return port_open(host, parts.port or 5671)
    return _exchange(host, parts.port or 5672, _AMQP_HEADER, 3).startswith(_START_FRAME)


def port_open(host: str, port: int) -> bool:
    """Whether somebody listens."""
    try:
        with socket.create_connection((host, port), timeout=_SECONDS):
            return True
    except OSError:
        return False


def _exchange(host: str, port: int, request: bytes, wanted: int) -> bytes:
    try:
        with socket.create_connection((host, port), timeout=_SECONDS) as connection:
            connection.sendall(request)
            answer = b""
            while len(answer) < wanted:
                received = connection.recv(wanted - len(answer))
                if not received:
                    break
                answer += received
            return answer
    except OSError:
        return b""
