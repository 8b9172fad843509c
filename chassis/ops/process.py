"""One running process: its services, its ops port, and an orderly end."""

import logging
import os
import signal
from collections.abc import Callable, Sequence
from typing import Final

import eventlet
from eventlet import hubs
from eventlet.event import Event

from chassis.ops import garbage, metrics, otel
from chassis.ops.assembly import assemble
from chassis.ops.health import Health
from chassis.ops.hub import HubWatch
from chassis.ops.server import OpsServer
from chassis.settings import Settings

log = logging.getLogger(__name__)
GRACE: Final = 20.0


class Process:
    """Runs the named services until a signal, the end of ``lifeline``, or a part that died."""

    def __init__(self, names: Sequence[str], settings: Settings, *, index: int = 0) -> None:
        self._names = names
        self._settings = settings
        self._end_export: Callable[[], None] = _nothing
        host, port = settings.ops_address
        self.assemblies = [assemble(name, settings, on_death=self._fatal) for name in names]
        self._health = Health([(each.name, each.look) for each in self.assemblies])
        self._hub = HubWatch()
        self.ops = OpsServer((host, port + index if port else 0), self._health, self._hub)
        self._ended: Event = Event()
        self._status = 0

    def run(self, lifeline: int | None = None) -> int:
        """Start everything, wait for the end, stop everything; return the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.end())
        if lifeline is not None:
            eventlet.spawn(self._watch, lifeline)
        try:
            self.start()
            self._ended.wait()
        finally:
            self.stop()
        return self._status

    def start(self) -> None:
        """Answer probes first, then begin to work; a broker or database that is away is waited for."""
        self._hub.start()
        self.ops.start()
        starting = [eventlet.spawn(each.start) for each in self.assemblies]
        for thread in starting:
            thread.wait()
        self._health.start()
        self._end_export = otel.start(self._settings, "+".join(self._names))
        garbage.settle()
        log.info("running %s", ", ".join(self._names), extra={"pid": os.getpid(), "ops_port": self.ops.port})

    def end(self, status: int = 0) -> None:
        """Let ``run`` end; the second time at once, for whoever does not want to wait."""
        if self._ended.ready():
            os._exit(status or 1)
        self._status = status
        self._ended.send()

    def stop(self) -> None:
        """Take no more work, finish what runs within ``GRACE`` seconds, close."""
        self._health.end()
        stopping = [eventlet.spawn(each.stop, GRACE) for each in self.assemblies]
        with eventlet.Timeout(GRACE + 5.0, exception=False):
            for thread in stopping:
                thread.wait()
            log.info("ended in order")
        self._end_export()
        self._health.stop()
        self.ops.stop()
        self._hub.stop()

    def _watch(self, lifeline: int) -> None:
        # The parent holds the other end: when it is gone, however it went, this end becomes readable.
        hubs.trampoline(lifeline, read=True)
        log.warning("the supervising process is gone")
        self.end()

    def _fatal(self, what: str) -> None:
        if not self._ended.ready():
            log.critical("%s died; the process ends, to be started again", what)
            metrics.ready.set(0)
            self.end(1)


def _nothing() -> None:
    """Traces are not exported before the start."""


def begin(names: Sequence[str], settings: Settings, index: int) -> Callable[[int], int]:
    """Return what a forked child does: forget the parent's hub, then run."""

    def work(lifeline: int) -> int:
        hubs.use_hub()
        return Process(names, settings, index=index).run(lifeline)

    return work
