"""What one connection hands out: the history where it is asked for, then the subscription's own queue.

The queue is bound before the history is read, so all that is told meanwhile waits in it. To know when the queue has
all that is to come, a second queue is bound a moment later: once the history has reached the first event of that,
everything older has been read, and everything newer is in the subscription's queue. What is in both is dropped by
its id.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pika.exceptions import AMQPConnectionError

from trato_events import topology
from trato_events.delivery import Delivery
from trato_events.event import Event, NotAnEvent
from trato_events.parked_headers import with_reason
from trato_events.patterns import fits_any
from trato_events.progress import Progress
from trato_events.starting import Reading

log = logging.getLogger("trato_events")
# The bindings of a cluster's other nodes follow a moment later.
_SETTLED_SECONDS = 2
_RECENT = 10_000


@dataclass(frozen=True)
class Wish:
    """What a subscription asks of each connection."""

    name: str
    keys: tuple[str, ...]
    unwanted: tuple[str, ...]
    prefetch: int


class Feed:
    """Works in the thread of its connection; hands deliveries to ``out``."""

    def __init__(self, connection: Any, wish: Wish, progress: Progress, out: Callable[[Delivery], None]) -> None:
        self._connection, self._wish, self._progress, self._out = connection, wish, progress, out
        self.alive = True
        self._channels: list[Any] = []
        self._parking: Any = None
        self._history: Any = None
        self._reading: Reading | None = None
        self._recent: deque[str] = deque(maxlen=_RECENT)
        self._fence: str | None = None
        self._at_end = False

    def start(self) -> None:
        """Declare what is missing and begin to consume."""
        channel = self._channel()
        topology.declare(channel, self._wish.name, self._wish.keys, self._wish.unwanted)
        self._parking = channel
        channel.confirm_delivery()
        self._reading = self._progress.begin()
        if self._reading is None:
            self._consume_queue()
        else:
            # Whoever has this queue reads the history; another process of the subscription waits for its turn.
            channel.queue_declare(topology.replaying(self._wish.name), exclusive=True)
            self._consume_history(self._reading)

    def check(self) -> None:
        """Raise ``AMQPConnectionError`` where a channel was closed by the broker: the connection is of no use then."""
        for channel in self._channels:
            if not channel.is_open:
                raise AMQPConnectionError("the broker closed a channel or took the queue away")

    def soon(self, what: Callable[[], None]) -> None:
        """Do something in the connection's own thread; nothing where the connection is gone."""
        if self.alive:
            try:
                self._connection.add_callback_threadsafe(what)
            except AMQPConnectionError:
                self.alive = False

    def park(self, body: bytes, properties: Any, error: str, attempts: int) -> None:
        """Put a message aside, confirmed by the broker."""
        self._parking.basic_publish(
            topology.queue(self._wish.name),
            topology.parking(self._wish.name),
            body,
            with_reason(properties, error, attempts),
            mandatory=True,
        )

    def _channel(self) -> Any:
        channel = self._connection.channel()
        channel.add_on_cancel_callback(lambda _: channel.close())
        self._channels.append(channel)
        return channel

    def _consume_queue(self) -> None:
        channel = self._channel()
        channel.basic_qos(prefetch_count=self._wish.prefetch)
        channel.basic_consume(topology.queue(self._wish.name), self._from_queue)

    def _consume_history(self, reading: Reading) -> None:
        self._history = channel = self._channel()
        channel.basic_qos(prefetch_count=self._wish.prefetch)
        channel.basic_consume(topology.HISTORY, self._from_history, arguments={"x-stream-offset": reading.offset})
        self._connection.call_later(_SETTLED_SECONDS, self._look_for_the_end)

    def _look_for_the_end(self) -> None:
        channel = self._channel()
        name = topology.once(self._wish.name)
        channel.queue_declare(name, exclusive=True, auto_delete=True, arguments={"x-max-length": 1})

        def first(_channel: Any, _method: Any, _properties: Any, body: bytes) -> None:
            if self._fence is None:
                self._fence = Event.from_json(body).id
                self._channels.remove(channel)
                self._connection.call_later(0, channel.close)
                if self._fence in self._recent:
                    self._hand_over()

        channel.queue_bind(name, topology.EXCHANGE, "#")
        channel.basic_consume(name, first, auto_ack=True)

    def _from_history(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        if self._at_end:
            return
        cursor = int(properties.headers["x-stream-offset"])
        event = self._event(body, cursor)
        assert self._reading is not None
        wanted = event is not None and fits_any(self._wish.keys, event.type) and self._reading.takes(event)
        self._progress.read(cursor, wanted=wanted)
        if event is None or not wanted:
            channel.basic_ack(method.delivery_tag)
        else:
            self._out(Delivery(event, body, method.delivery_tag, properties, channel, self))
        if event is not None:
            self._recent.append(event.id)
            if event.id == self._fence:
                self._hand_over()

    def _hand_over(self) -> None:
        self._at_end = True
        self._progress.at_end()
        self._channels.remove(self._history)
        self._connection.call_later(0, self._history.close)
        self._connection.call_later(0, self._consume_queue)
        log.info("the history of %s has been read; live from here on", self._wish.name)

    def _from_queue(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        event = self._event(body, None)
        if event is None:
            self.park(body, properties, "NotAnEvent: this cannot be read as an event", 1)
            channel.basic_ack(method.delivery_tag)
        elif fits_any(self._wish.keys, event.type):
            self._out(Delivery(event, body, method.delivery_tag, properties, channel, self))
        else:
            # Left over from a pattern that this program no longer has.
            channel.basic_ack(method.delivery_tag)

    def _event(self, body: bytes, cursor: int | None) -> Event | None:
        try:
            return Event.from_json(body, cursor=cursor)
        except NotAnEvent as error:
            log.warning("a message of %s: %s", self._wish.name, error)
            return None
