"""One request and its answer on the wire, for the API's paths: what gunicorn does, with far fewer steps.

Each time a thread enters the kernel it may have to wait for the others before it goes on, so an answer is written
with one call, and the environment holds only what the application reads.
"""

import functools
import socket
from collections.abc import Callable, Iterable
from email.utils import formatdate
from time import time
from typing import Any, Final

from gunicorn.http.wsgi import FileWrapper

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_WITHOUT_BODY: Final = ("204", "304")


class HeaderInjection(ValueError):
    """A header of an answer holds a line break."""


def environment(req: Any, sock: socket.socket, address: Any) -> dict[str, Any]:
    """Return the WSGI environment of a parsed request."""
    environ: dict[str, Any] = {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": req.scheme,
        "wsgi.input": req.body,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
        "gunicorn.socket": sock,
        "REQUEST_METHOD": req.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(req.path),
        "QUERY_STRING": req.query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": address[0] if isinstance(address, tuple) else "",
    }
    for name, value in req.headers:
        key = _ENVIRON_NAMES.get(name) or _environ_name(name)
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


class Exchange:
    """Answers one request on ``sock``; ``keeps_alive`` says whether the connection may take another."""

    __slots__ = ("_headers", "_req", "_sock", "_status", "keeps_alive")

    def __init__(self, req: Any, sock: socket.socket, *, keeps_alive: bool) -> None:
        self._req = req
        self._sock = sock
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self.keeps_alive = keeps_alive and not req.should_close()

    def run(self, application: Wsgi, address: Any) -> None:
        """Ask the application and send what it says. Raises ``OSError`` where the caller has gone."""
        if self._req._expected_100_continue:  # noqa: SLF001 - gunicorn has no other name for it
            self._sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = application(environment(self._req, self._sock, address), self._start)
        try:
            self._send(body)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()

    def _start(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        self._status, self._headers = status, headers

    def _send(self, body: Iterable[bytes]) -> None:
        head = self._head()
        if self._req.method == "HEAD" or self._status.startswith(_WITHOUT_BODY):
            self._sock.sendall(head)
        elif type(body) is tuple:
            self._sock.sendall(head + body[0])
        else:
            self._sock.sendall(head)
            for chunk in body:
                self._sock.sendall(chunk)

    def _head(self) -> bytes:
        lines = [f"{name}: {value}" for name, value in self._headers]
        text = "\r\n".join(
            (
                f"HTTP/1.1 {self._status}",
                "Connection: keep-alive" if self.keeps_alive else "Connection: close",
                _date(int(time())),
                *lines,
                "",
                "",
            )
        )
        # Some values come from elsewhere; a line break in one would begin a header of its own.
        if text.count("\n") != len(lines) + 4 or text.count("\r") != len(lines) + 4:
            raise HeaderInjection(self._status)
        return text.encode("latin-1", "replace")


@functools.lru_cache(maxsize=1)
def _date(second: int) -> str:
    return f"Date: {formatdate(second, usegmt=True)}"


def _path(path: str) -> str:
    if "%" not in path:
        return path
    from gunicorn.util import unquote_to_wsgi_str

    return str(unquote_to_wsgi_str(path))


def _environ_name(name: str) -> str:
    if name in {"CONTENT-TYPE", "CONTENT-LENGTH"}:
        return name.replace("-", "_")
    return "HTTP_" + name.replace("-", "_")


_ENVIRON_NAMES: Final = {
    name: _environ_name(name)
    for name in ("HOST", "AUTHORIZATION", "ACCEPT", "ACCEPT-LANGUAGE", "COOKIE", "CONTENT-TYPE", "CONTENT-LENGTH")
}
