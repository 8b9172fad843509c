"""The parking queue: what a service gave up on, to look at and to send again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amqp.exceptions import NotFound

from chassis.bus import topology
from chassis.bus.amqp import Message, Publisher
from chassis.bus.connection import connect, let_go
from chassis.bus.delivery import ERROR, FAILED_AT, Delivery


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
    """Return what is parked, oldest first, and leave it where it is. Raise one of ``connection.AWAY``."""
    with _taken(broker_url, service, limit) as (_, deliveries):
        return [Parked.of(delivery) for delivery in deliveries]


def resend(broker_url: str, service: str, event_id: str | None = None, limit: int = 100_000) -> int:
    """Put one parked event, or all, back into the service's queue as if never tried; return how many.

    A message leaves the parking queue when the broker has confirmed it in the other, so none is lost; after a
    crash between, it is in both, and the inbox filters it. Raises one of ``connection.AWAY``.
    """
    publisher = Publisher(broker_url, f"{service} resend")
    sent = 0
    try:
        with _taken(broker_url, service, limit) as (channel, deliveries):
            for delivery in deliveries:
                if event_id is None or Parked.of(delivery).id == event_id:
                    message = Message("", topology.events_queue(service), delivery.body, delivery.afresh())
                    publisher.publish([message], mandatory=True)
                    channel.basic_ack(delivery.tag)
                    sent += 1
    finally:
        publisher.close()
    return sent


@contextmanager
def _taken(broker_url: str, service: str, limit: int) -> Iterator[tuple[Any, Iterator[Delivery]]]:
    # What is not acknowledged goes back to its place when the channel closes.
    connection = connect(broker_url, f"{service} parking")
    try:
        channel = connection.channel()
        yield channel, _messages(channel, topology.parking_queue(service), limit)
        channel.close()
    finally:
        let_go(connection)


def _messages(channel: Any, queue: str, limit: int) -> Iterator[Delivery]:
    try:
        left = min(limit, channel.queue_declare(queue, passive=True).message_count)
    except NotFound:
        return
    for _ in range(left):
        message = channel.basic_get(queue)
        if message is None:
            return
        yield Delivery.of(message)


def _event(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
