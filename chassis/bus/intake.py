"""The receiving end of a queue: a greenthread reads, so that heartbeats flow while handlers work."""

import logging
from collections import deque
from contextlib import suppress
from typing import Any, Final

import eventlet
from eventlet.event import Event as Signal

from chassis.bus.connection import AWAY, connect, let_go
from chassis.bus.delivery import Delivery
from chassis.bus.gathering import Gathering

HEARTBEAT: Final = 30  # seconds
ACK_DELAY: Final = 0.02  # seconds

log = logging.getLogger(__name__)


class Intake:
    """Deliveries of one queue over one connection. When the connection breaks the intake is over; open another."""

    def __init__(self, connection: Any, queue: str, prefetch: int) -> None:
        self.prefetch = prefetch
        self._connection, self._queue = connection, queue
        self._channel = connection.channel()
        self._waiting: deque[Delivery] = deque()
        self._signal = Signal()
        self._broken: BaseException | None = None
        self._done = self._acknowledged = 0  # delivery tags: the last one handled, the last one the broker knows of
        self._timer: Any = None
        self._gathering = Gathering()
        self._channel.basic_qos(0, prefetch, a_global=False)
        self._tag = self._channel.basic_consume(queue, callback=self._on_message, on_cancel=self._on_cancel)
        self._reader = eventlet.spawn(self._read)

    @classmethod
    def open(cls, url: str, queue: str, prefetch: int) -> "Intake":
        """Return an open intake of an existing queue. Raise one of ``AWAY``."""
        connection = connect(url, f"{queue} consumer", heartbeat=HEARTBEAT)
        try:
            return cls(connection, queue, prefetch)
        except BaseException:
            let_go(connection)
            raise

    def take(self, limit: int, seconds: float) -> list[Delivery]:
        """Return up to ``limit`` deliveries, whatever is there now; wait at most ``seconds`` for the first.

        In a busy stretch a few milliseconds pass first, so that more of them share what a transaction costs.

        Raises ``ConnectionError`` when the connection is gone.
        """
        if not self._waiting and self._broken is None:
            self._signal = Signal()
            with eventlet.Timeout(seconds, exception=False):
                self._signal.wait()
        if 0 < len(self._waiting) < limit and (pause := self._gathering.pause()):
            eventlet.sleep(pause)
        self.check()
        self._gathering.took(min(limit, len(self._waiting)))
        return [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]

    def check(self) -> None:
        """Raise ``ConnectionError`` when the connection is gone: what is in hand will be delivered again."""
        if self._broken is not None:
            raise ConnectionError(f"the broker is away: {self._broken!r}") from self._broken

    def done(self, delivery: Delivery) -> None:
        """Acknowledge this delivery and all before it, soon and together with others: each one makes the broker write.

        A connection that is gone is no error here: the broker delivers again, the inbox filters.
        """
        self._done = delivery.tag
        if self._done - self._acknowledged >= max(1, self.prefetch // 4):
            self._acknowledge()
        elif self._timer is None:
            self._timer = eventlet.spawn_after(ACK_DELAY, self._acknowledge)

    def leave(self) -> None:
        """Get nothing more than what is here already. Acknowledging it does not bring the next one."""
        try:
            self._channel.basic_cancel(self._tag, nowait=True)
        except (*AWAY, AttributeError) as error:
            self._break(error)

    def wake(self) -> None:
        """End a ``take`` that waits."""
        if not self._signal.ready():
            self._signal.send()

    def close(self) -> None:
        """Stop receiving; what was not handled goes to the next consumer."""
        if self._broken is None:
            self._acknowledge()
        self._reader.kill()
        self._break(ConnectionError("closed"))
        let_go(self._connection)

    def _acknowledge(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None and timer is not eventlet.getcurrent():
            timer.cancel()
        if self._broken is not None or self._done == self._acknowledged:
            return
        self._acknowledged = self._done
        try:
            self._channel.basic_ack(self._done, multiple=True)
        except (*AWAY, AttributeError) as error:
            self._break(error)

    def _read(self) -> None:
        try:
            while True:
                with suppress(TimeoutError):
                    self._connection.drain_events(timeout=HEARTBEAT / 4)
                self._connection.heartbeat_tick()
        except Exception as error:  # noqa: BLE001 - whatever it was, this connection is over
            self._break(error)

    def _on_message(self, message: Any) -> None:
        self._waiting.append(Delivery.of(message))
        self.wake()

    def _on_cancel(self, _tag: str) -> None:
        self._break(ConnectionError(f"the queue {self._queue} was deleted"))

    def _break(self, error: BaseException) -> None:
        if self._broken is None:
            self._broken = error
            self._waiting.clear()
        self.wake()
