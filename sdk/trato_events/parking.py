"""What a subscription gave up on: to look at, and to send again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Any

from pika.exceptions import ChannelClosedByBroker

from trato_events import topology
from trato_events.account import Account
from trato_events.connecting import NOT_FOUND, connect
from trato_events.event import Event, NotAnEvent
from trato_events.parked_headers import AT, ATTEMPTS, ERROR, afresh

# Counted, not timed: who is kept from running for seconds has not looked meanwhile. A busy broker needs a few.
_LOOKS = 200
_PAUSE = 0.01  # seconds


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
    """Return what is parked, oldest first, and leave it there. Raises ``Refused``, or one of ``AWAY``.

    A program that dies before the broker knows that its event is parked parks it again: such an event is listed once,
    with its last error.
    """
    found: dict[object, Parked] = {}
    with _taken(account, limit) as taken:
        for number, (_, properties, body) in enumerate(taken.messages()):
            each = Parked.of(properties, body)
            found[each.event.id if each.event else number] = each
    return list(found.values())


def resend(account: Account, event_id: str | None = None, limit: int = 100_000) -> int:
    """Put one parked event, or all, back into the subscription's queue as if never tried; return how many.

    A message leaves the parking queue when the broker has confirmed it in the other, so none is lost. What is parked
    twice is sent once.
    """
    sent = 0
    seen: set[str] = set()
    target = topology.queue(account.name)
    with _taken(account, limit) as taken:
        taken.channel.confirm_delivery()
        # All are in hand before the first is sent: one that fails at once stands behind them again.
        for method, properties, body in list(taken.messages()):
            event = Parked.of(properties, body).event
            if event_id is not None and (event is None or event.id != event_id):
                continue
            if event is None or event.id not in seen:
                taken.channel.basic_publish(target, target, body, afresh(properties), mandatory=True)
                sent += 1
            if event is not None:
                seen.add(event.id)
            taken.finish(method)
    return sent


class _Taken:
    """What is parked, in our hands; what is not finished goes back to its place when the channel closes."""

    def __init__(self, channel: Any, queue: str, limit: int) -> None:
        self.channel, self._queue, self._limit = channel, queue, limit
        self.stays = 0

    def messages(self) -> Iterator[tuple[Any, Any, bytes]]:
        """Yield one after the other, oldest first; none where there is no such queue."""
        while self.stays < self._limit:
            try:
                method, properties, body = self.channel.basic_get(self._queue)
            except ChannelClosedByBroker as error:
                if error.reply_code == NOT_FOUND:
                    return
                raise
            if method is None:
                return
            self.stays += 1
            yield method, properties, body

    def finish(self, method: Any) -> None:
        """Have one be parked no longer."""
        self.channel.basic_ack(method.delivery_tag)
        self.stays -= 1


@contextmanager
def _taken(account: Account, limit: int) -> Iterator[_Taken]:
    queue = topology.parking(account.name)
    connection = connect(account.url, f"trato-events parked {account.name}")
    try:
        channel = connection.channel()
        taken = _Taken(channel, queue, limit)
        yield taken
        if channel.is_open:
            channel.close()
        # A quorum queue takes back in its own time. Whoever looks next, with what was listed here, finds it again.
        channel, looks = connection.channel(), 0
        while taken.stays and looks < _LOOKS and _ready(channel, queue) < taken.stays:
            looks += 1
            sleep(_PAUSE)
    finally:
        if connection.is_open:
            connection.close()


def _ready(channel: Any, queue: str) -> int:
    """Return how many wait in a queue; one that cannot be counted within a quarter of a second is told as empty."""
    ready: int = channel.queue_declare(queue, passive=True).method.message_count
    return ready
