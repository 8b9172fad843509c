"""The nameko entrypoint behind every operation: calls in, answers out, on one connection a service.

Wire compatible with nameko's own ``rpc``; where that loses, repeats or hangs, this does not. A call is executed at
most once: what another process may have begun is repeated only where that is harmless.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
from amqp.exceptions import AMQPError
from eventlet.event import Event
from eventlet.hubs import get_hub
from nameko.constants import AMQP_URI_CONFIG_KEY, HEARTBEAT_CONFIG_KEY
from nameko.extensions import Entrypoint, SharedExtension, register_entrypoint

from chassis.bus.connection import HEARTBEAT
from chassis.bus.rpc_answering import Answering
from chassis.bus.rpc_frames import Incoming, publish_frame, reply_content
from chassis.bus.rpc_link import REPLIES, Link
from chassis.bus.rpc_metrics import ServiceMetrics
from chassis.bus.rpc_queue import CONSUMER, join, waiting_calls
from chassis.bus.rpc_request import Request, delivery_tag, from_delivery
from chassis.bus.rpc_workers import Workers

__all__ = ["CallEntrypoint", "CallServer", "call_entrypoint"]

log = logging.getLogger(__name__)
Method = TypeVar("Method", bound=Callable[..., Any])

START_PATIENCE = 5.0  # seconds that a service waits for the broker before it says that it has started
GOODBYE = 1.0  # seconds for the broker to take what was sent last
DRAIN_LIMIT = 25.0  # seconds that calls may take to finish once the service is told to stop
PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0)  # seconds between attempts to reach the broker again
KNOWN_CALLERS = 1_000  # reply addresses whose frame is kept ready


class CallServer(SharedExtension):
    """Receives the calls of one service and answers them, for as long as the service runs."""

    def __init__(self) -> None:
        self._link: Link | None = None
        self._ready, self._stopped = Event(), Event()
        self._stopping = False
        self._addresses: dict[bytes, bytes] = {}

    def setup(self) -> None:
        """Prepare; methods are added by their entrypoints."""
        if hasattr(self, "answering"):
            return
        self.service: str = self.container.service_name
        self.answering = Answering(self.service)
        self.workers: Workers[tuple[Link | None, Request]] = Workers(
            self.container.max_workers, self._serve, self._flush
        )
        self._metrics = ServiceMetrics(self.service, lambda: self.workers.running)

    @property
    def is_connected(self) -> bool:
        """Whether calls arrive just now."""
        return self._link is not None and self._link.is_open

    def start(self) -> None:
        """Begin to receive. Returns when calls arrive, or soon when the broker is away; never raises."""
        self._url: str = self.container.config[AMQP_URI_CONFIG_KEY]
        self._heartbeat: int = self.container.config.get(HEARTBEAT_CONFIG_KEY, HEARTBEAT)
        eventlet.spawn(self._stay_connected)
        with eventlet.Timeout(START_PATIENCE, False):
            self._ready.wait()

    def stop(self) -> None:
        """Take no more calls, finish what runs, answer, and leave. Never raises."""
        if self._stopping:
            self._stopped.wait()
            return
        self._stopping = True
        try:
            self._leave()
        except Exception:
            log.exception("%s could not leave the broker in order", self.service)
        finally:
            self._end()

    def kill(self) -> None:
        """Leave at once, whatever runs. Never raises."""
        self._stopping = True
        self._end()

    def _stay_connected(self) -> None:
        attempt = 0
        while not self._stopping:
            try:
                self._link = join(
                    self._url, self.service, prefetch=self._prefetch, heartbeat=self._heartbeat, arrived=self._arrived
                )
            except (OSError, AMQPError, eventlet.Timeout) as error:
                log.warning("%s cannot reach the broker: %s", self.service, error)
                eventlet.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
                attempt += 1
                continue
            attempt = 0
            if not self._ready.ready():
                self._ready.send(None)
            why = self._link.lost.wait()
            if not self._stopping:
                log.warning("%s lost the broker: %s", self.service, why)

    @property
    def _prefetch(self) -> int:
        return int(self.container.max_workers * 1.5) + 1

    def _arrived(self, link: Link, deliveries: list[Incoming]) -> None:
        now = time.time()
        calls: list[tuple[Link | None, Request]] = []
        for delivery in deliveries:
            try:
                calls.append((link, from_delivery(delivery, now)))
            except ValueError as error:
                link.done(delivery_tag(delivery))
                eventlet.spawn_n(log.warning, "%s cannot read a call: %s", self.service, error)
        self.workers.take(calls)

    def _serve(self, call: tuple[Link | None, Request]) -> None:
        """Answer one call; whatever happens is told to the caller or counted, and nothing is raised."""
        came_by, request = call
        reply = self.answering.answer(request)
        link = self._link
        if reply is None:
            self._metrics.expired()
        elif link is None or not link.is_open:
            self._metrics.unreachable()
        elif request.reply_to:
            body, headers = reply
            content = reply_content(REPLIES, headers, request.correlation_id, body)
            link.reply(self._address(request), content)
        if came_by is not None and request.tag is not None:
            came_by.done(request.tag)

    def _flush(self) -> None:
        if self._link is not None:
            self._link.flush()

    def _address(self, request: Request) -> bytes:
        frame = self._addresses.get(request.reply_to)
        if frame is None:
            if len(self._addresses) >= KNOWN_CALLERS:
                self._addresses.clear()
            frame = publish_frame(REPLIES, request.reply_exchange, request.reply_to)
            self._addresses[request.reply_to] = frame
        return frame

    def _leave(self) -> None:
        link = self._link
        if link is not None and link.is_open:
            calls = waiting_calls(self._url, self.service)
            get_hub().schedule_call_global(0, self.workers.take, [(None, call) for call in calls])
            link.cancel(CONSUMER)
            with eventlet.Timeout(2, False):
                link.cancelled.wait()
        with eventlet.Timeout(DRAIN_LIMIT, False):
            while not self.workers.is_quiet or (self._link is not None and self._link.has_unsent):
                eventlet.sleep(0.01)

    def _end(self) -> None:
        if self._link is not None:
            self._link.close()
            with eventlet.Timeout(GOODBYE, False):
                self._link.lost.wait()
            self._link.lose("closed by us")
        if not self._stopped.ready():
            self._stopped.send(None)


class CallEntrypoint(Entrypoint):
    """Makes one method of a service callable; all of them share the service's ``CallServer``."""

    server = CallServer()

    def setup(self) -> None:
        """Tell the server about the method, whose ``entry`` the pipeline has attached by now."""
        self.server.setup()
        method = getattr(self.container.service_cls, self.method_name)
        self.server.answering.add(self.method_name, method)

    def stop(self) -> None:
        """Stop the whole server: operations of one service stop together."""
        self.server.stop()

    def kill(self) -> None:
        """Kill the whole server."""
        self.server.kill()


def call_entrypoint(method: Method) -> Method:
    """Make ``method`` an operation that nameko callers reach as ``<service>.<method>``.

    Its attribute ``entry(headers, args, kwargs) -> Answer`` must be there when the service starts.
    """
    register_entrypoint(method, CallEntrypoint())
    return method
