"""Every event of the bus as it passes, for a process that keeps none of them: the gateway's live page and caches."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

from amqp.exceptions import AMQPError, NotFound

from chassis.bus.connection import connect
from chassis.bus.topology import EXCHANGE

_HEARTBEAT: Final = 10  # seconds
_TICK: Final = 1.0  # seconds between looks at the clock while nothing arrives
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0  # seconds between attempts to reach the broker

log = logging.getLogger(__name__)


class Feed:
    """A thread with a queue of its own that ends with the connection.

    ``on_event`` gets each envelope's bytes, in order; ``on_gap`` is told after each (re)connection that events may
    have been missed before. Neither may raise or wait.
    """

    def __init__(
        self,
        broker_url: str,
        *,
        patterns: Iterable[str] = ("crm.#",),
        on_event: Callable[[bytes], None],
        on_gap: Callable[[], None],
    ) -> None:
        self._url = broker_url
        self._patterns = tuple(patterns)
        self._on_event = on_event
        self._on_gap = on_gap
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
        self.connected = threading.Event()

    def start(self) -> None:
        """Begin; a broker that is away is tried again for ever."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the connection."""
        self._ended.set()
        self._thread.join(2 * _TICK)

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._ended.is_set():
            try:
                self._listen()
            except (AMQPError, OSError) as error:
                if not self._ended.is_set():
                    log.warning("The event feed lost the broker and tries again: %r", error)
            pause = _FIRST_PAUSE if self.connected.is_set() else min(pause * 2, _LONGEST_PAUSE)
            self.connected.clear()
            self._ended.wait(pause)

    def _listen(self) -> None:
        connection = connect(self._url, name="event feed", heartbeat=_HEARTBEAT)
        try:
            channel = _channel_with_exchange(connection)
            queue = channel.queue_declare("", exclusive=True, auto_delete=True).queue
            for pattern in self._patterns:
                channel.queue_bind(queue, EXCHANGE, routing_key=pattern)
            channel.basic_consume(queue, callback=self._take, no_ack=True)
            self.connected.set()
            self._on_gap()
            while not self._ended.is_set():
                with contextlib.suppress(TimeoutError):
                    connection.drain_events(timeout=_TICK)
                connection.heartbeat_tick()
        finally:
            with contextlib.suppress(Exception):
                connection.collect()

    def _take(self, message: Any) -> None:
        body = message.body
        try:
            self._on_event(body if isinstance(body, bytes) else body.encode())
        except Exception:
            log.exception("An event of the feed could not be taken")


def _channel_with_exchange(connection: Any) -> Any:
    # Looking first means that a broker user without the right to declare is enough where it exists already.
    channel = connection.channel()
    try:
        channel.exchange_declare(EXCHANGE, "topic", passive=True)
    except NotFound:
        channel = connection.channel()
        channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
    return channel
