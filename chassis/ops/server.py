"""The ops port of a process: /livez, /readyz and /metrics, on a greenthread that waits for no worker."""

import logging
import socket
from collections.abc import Callable, Iterable
from typing import Any, Final

import eventlet
import eventlet.wsgi
import orjson

from chassis.ops import metrics
from chassis.ops.health import Health
from chassis.ops.hub import HubWatch
from chassis.variables import Address

log = logging.getLogger(__name__)
Answer = tuple[str, str, bytes]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
_JSON: Final = "application/json"


class OpsServer:
    """Serves the health and the figures of this process; ``port`` is known after ``start``."""

    def __init__(self, address: Address, health: Health, hub: HubWatch) -> None:
        self._address = address
        self._health = health
        self._hub = hub
        self._socket: socket.socket | None = None
        self._thread: eventlet.greenthread.GreenThread | None = None
        self.port = address[1]

    def start(self) -> None:
        """Listen. Raises ``OSError`` when the port is taken."""
        family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
        self._socket = eventlet.listen(self._address, family=family)
        self.port = self._socket.getsockname()[1]
        self._thread = eventlet.spawn(
            eventlet.wsgi.server, self._socket, self, log_output=False, keepalive=False, max_size=32
        )

    def stop(self) -> None:
        """Stop listening."""
        if self._thread is not None:
            self._thread.kill()
        if self._socket is not None:
            self._socket.close()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as WSGI wants it."""
        status, media_type, body = self._answer(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        start_response(status, [("Content-Type", media_type), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, method: str, path: str) -> Answer:
        if method not in {"GET", "HEAD"}:
            return "405 Method Not Allowed", _JSON, b"{}"
        match path:
            case "/livez":
                return self._livez()
            case "/readyz":
                report = self._health.report()
                status = "200 OK" if report["ready"] else "503 Service Unavailable"
                return status, _JSON, orjson.dumps(report)
            case "/metrics":
                body, media_type = metrics.exposition()
                return "200 OK", media_type, body
        return "404 Not Found", _JSON, b"{}"

    def _livez(self) -> Answer:
        # A process that stands still does not answer at all, which is what a liveness probe looks for.
        alive = self._hub.alive()
        body = orjson.dumps({"alive": alive, "hub_stall_seconds": round(self._hub.worst(), 3)})
        return ("200 OK" if alive else "503 Service Unavailable"), _JSON, body
