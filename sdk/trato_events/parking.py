"""What a subscription gave up on: to look at, and to send again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pika.exceptions import ChannelClosedByBroker

from trato_events import topology
from trato_events.account import Account
from trato_events.connecting import NOT_FOUND, connect
from trato_events.event import Event, NotAnEvent
from trato_events.parked_headers import AT, ATTEMPTS, ERROR, afresh


@dataclass(frozen=True)
class Parked:
    """A parked message. ``event`` is None where it cannot be read as one; ``parked_at`` is an instant, or unknown."""

    event: Event | None
    error: str
    attempts: int | None
    parked_at: str | None
    body: bytes

    @classmethod
    def of(cls, properties: Any, body: bytes) -> "Parked":
        """Return a message of the parking queue."""
        headers = properties.headers or {}
        try:
            event = Event.from_json(body)
        except NotAnEvent:
            event = None
        # The broker itself parks what kills the program each time, and leaves only its own note.
        lost = f"handed out {topology.DELIVERY_LIMIT} times without an answer: the program died over it"
        return cls(event, headers.get(ERROR) or lost, headers.get(ATTEMPTS), headers.get(AT), body)


def parked(account: Account, limit: int = 1000) -> list[Parked]:
    """Return what is parked, oldest first, and leave it there. Raises ``Refused``, or one of ``AWAY``."""
    with _taken(account, limit) as (_, messages):
        return [Parked.of(properties, body) for _, properties, body in messages]


def resend(account: Account, event_id: str | None = None, limit: int = 100_000) -> int:
    """Put one parked event, or all, back into the subscription's queue as if never tried; return how many.

    A message leaves the parking queue when the broker has confirmed it in the other, so none is lost.
    """
    sent = 0
    with _taken(account, limit) as (channel, messages):
        channel.confirm_delivery()
        for method, properties, body in messages:
            event = Parked.of(properties, body).event
            if event_id is None or (event is not None and event.id == event_id):
                target = topology.queue(account.name)
                channel.basic_publish(target, target, body, afresh(properties), mandatory=True)
                channel.basic_ack(method.delivery_tag)
                sent += 1
    return sent


@contextmanager
def _taken(account: Account, limit: int) -> Iterator[tuple[Any, Iterator[tuple[Any, Any, bytes]]]]:
    # What is not acknowledged goes back to its place when the connection closes.
    connection = connect(account.url, f"trato-events parked {account.name}")
    try:
        channel = connection.channel()
        yield channel, _messages(channel, topology.parking(account.name), limit)
    finally:
        if connection.is_open:
            connection.close()


def _messages(channel: Any, queue: str, limit: int) -> Iterator[tuple[Any, Any, bytes]]:
    try:
        waiting = channel.queue_declare(queue, passive=True).method.message_count
    except ChannelClosedByBroker as error:
        if error.reply_code == NOT_FOUND:
            return
        raise
    for _ in range(min(limit, waiting)):
        method, properties, body = channel.basic_get(queue)
        if method is None:
            return
        yield method, properties, body
