"""The parking queue: what a service gave up on, to look at and to send again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import sleep
from typing import Any, Final

from amqp.exceptions import NotFound

from chassis.bus import topology
from chassis.bus.amqp import Message, Publisher
from chassis.bus.connection import connect, let_go
from chassis.bus.delivery import ERROR, FAILED_AT, Delivery

# Counted, not timed: who is kept from running for seconds has not looked meanwhile. A busy broker needs a few.
_LOOKS: Final = 200
_PAUSE: Final = 0.01  # seconds


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked message. ``error`` is the last one; ``id`` is the event's id where the message is an event."""

    id: str
    type: str
    subject: str
    attempt: int
    error: str
    parked_at: datetime | None
    body: bytes

    @classmethod
    def of(cls, delivery: Delivery) -> "Parked":
        """Return a delivery from a parking queue as a parked message."""
        event = _event(delivery.body)
        at = delivery.headers.get(FAILED_AT)
        default = f"handed out {delivery.returns or topology.DELIVERY_LIMIT} times without an answer"
        return cls(
            id=str(delivery.properties.get("message_id") or event.get("id") or ""),
            type=str(event.get("type") or delivery.properties.get("type") or ""),
            subject=str(event.get("subject") or ""),
            attempt=delivery.attempt,
            error=str(delivery.headers.get(ERROR) or default),
            parked_at=datetime.fromisoformat(at) if isinstance(at, str) else None,
            body=delivery.body,
        )


def parked(broker_url: str, service: str, limit: int = 1000) -> list[Parked]:
    """Return what is parked, oldest first, and leave it where it is. Raise one of ``connection.AWAY``.

    A service that dies before the broker knows that its event is parked parks it again: such an event is listed once,
    with its last error.
    """
    found: dict[object, Parked] = {}
    with _taken(broker_url, service, limit) as taken:
        for number, delivery in enumerate(taken.messages()):
            each = Parked.of(delivery)
            found[each.id or number] = each
    return list(found.values())


def resend(broker_url: str, service: str, event_id: str | None = None, limit: int = 100_000) -> int:
    """Put one parked event, or all, back into the service's queue as if never tried; return how many.

    A message leaves the parking queue when the broker has confirmed it in the other, so none is lost; after a
    crash between, it is in both, and the inbox filters it. What is parked twice is sent once. Raises one of
    ``connection.AWAY``.
    """
    publisher = Publisher(broker_url, f"{service} resend")
    sent = 0
    seen: set[str] = set()
    try:
        with _taken(broker_url, service, limit) as taken:
            # All are in hand before the first is sent: one that fails at once stands behind them again.
            for delivery in list(taken.messages()):
                found = Parked.of(delivery).id
                if event_id is not None and event_id != found:
                    continue
                if found not in seen:
                    message = Message("", topology.events_queue(service), delivery.body, delivery.afresh())
                    publisher.publish([message], mandatory=True)
                    sent += 1
                if found:
                    seen.add(found)
                taken.finish(delivery)
    finally:
        publisher.close()
    return sent


class _Taken:
    """What is parked, in our hands; what is not finished goes back to its place when the channel closes."""

    def __init__(self, channel: Any, queue: str, limit: int) -> None:
        self._channel, self._queue, self._limit = channel, queue, limit
        self.stays = 0

    def messages(self) -> Iterator[Delivery]:
        """Yield one after the other, oldest first; none where there is no such queue."""
        for _ in range(self._limit):
            try:
                message = self._channel.basic_get(self._queue)
            except NotFound:
                return
            if message is None:
                return
            self.stays += 1
            yield Delivery.of(message)

    def finish(self, delivery: Delivery) -> None:
        """Have one be parked no longer."""
        self._channel.basic_ack(delivery.tag)
        self.stays -= 1


@contextmanager
def _taken(broker_url: str, service: str, limit: int) -> Iterator[_Taken]:
    connection, queue = connect(broker_url, f"{service} parking"), topology.parking_queue(service)
    try:
        channel = connection.channel()
        taken = _Taken(channel, queue, limit)
        yield taken
        channel.close()
        # A quorum queue takes back in its own time. Whoever looks next, with what was listed here, finds it again.
        channel, looks = connection.channel(), 0
        while taken.stays and looks < _LOOKS and _ready(channel, queue) < taken.stays:
            looks += 1
            sleep(_PAUSE)
    finally:
        let_go(connection)


def _ready(channel: Any, queue: str) -> int:
    """Return how many wait in a queue; one that cannot be counted within a quarter of a second is told as empty."""
    ready: int = channel.queue_declare(queue, passive=True).message_count
    return ready


def _event(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
