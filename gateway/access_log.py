"""One line for each request answered: which, by whom, how it ended and how long it took."""

import logging
import sys
import threading
from collections import deque
from datetime import UTC, datetime
from time import perf_counter
from typing import Final, TextIO

import orjson

from chassis.clock import epoch_seconds
from chassis.settings import Settings
from gateway.request import Request

_PAUSE_SECONDS: Final = 0.25
_LOGGER: Final = logging.getLogger("gateway.access")


class AccessLog:
    """Writes JSON lines straight to standard error: these fields hold no text that needs scrubbing.

    The route is told as it stands in the table, never the path: ids are in the services' lines, and a download
    link's path is a secret.
    """

    def __init__(self, settings: Settings, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._plain = settings.log_format == "console" or (
            settings.log_format is None and settings.is_development and self._stream.isatty()
        )
        self._lines: deque[bytes] = deque()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
        self._enabled = logging.getLevelName(settings.log_level) <= logging.INFO

    def write(self, request: Request, status: int) -> None:
        """Write the line of a request that was answered with ``status``."""
        if not self._enabled:
            return
        identity = request.identity
        milliseconds = round((perf_counter() - request.started) * 1000, 2)
        route = request.route.path if request.route else "unknown"
        if self._plain:
            _LOGGER.info("%s %s %s %s ms", request.method, route, status, milliseconds)
            return
        line = {
            "ts": datetime.fromtimestamp(epoch_seconds(), UTC).isoformat(timespec="milliseconds")[:23] + "Z",
            "level": "INFO",
            "logger": "gateway.access",
            "msg": "answered",
            "service": "gateway",
            "request_id": request.request_id,
            "trace_id": request.traceparent[3:35],
            "http_method": request.method,
            "route": route,
            "status": status,
            "ms": milliseconds,
            "actor_id": str(identity.actor.user_id) if identity and identity.actor.user_id else None,
            "actor_kind": identity.actor.kind if identity else "anonymous",
            "client": request.address,
        }
        self._lines.append(orjson.dumps(line))

    def start(self) -> None:
        """Begin to write, a few times a second: a line of its own for each request would cost its thread a turn."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left and end."""
        self._ended.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._ended.wait(_PAUSE_SECONDS):
            self._write_lines()
        self._write_lines()

    def _write_lines(self) -> None:
        if not self._lines:
            return
        lines = []
        while self._lines:
            lines.append(self._lines.popleft())
        self._stream.write(b"\n".join(lines).decode() + "\n")
        self._stream.flush()
