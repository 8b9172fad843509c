"""An event as one connection handed it out."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from trato_events.event import Event
from trato_events.parked_headers import RESENT

_LOOK_SECONDS = 0.2


class Session(Protocol):
    """The connection that an event came by."""

    alive: bool

    def soon(self, what: Callable[[], None]) -> None:
        """Do something in the connection's own thread; nothing where the connection is gone."""

    def park(self, body: bytes, properties: Any, error: str, attempts: int) -> None:
        """Put a message aside, confirmed by the broker. Only in the connection's own thread."""


@dataclass(frozen=True, eq=False)
class Delivery:
    """One event, to be acknowledged on the channel it came by."""

    event: Event
    body: bytes
    tag: int
    properties: Any
    channel: Any
    session: Session

    @property
    def alive(self) -> bool:
        """Whether the connection still stands; if not, the broker hands the event out again."""
        return self.session.alive

    def acknowledge(self) -> None:
        """Tell the broker that it is done; may be called from any thread."""
        self.session.soon(self._acknowledge)

    def park(self, error: str, attempts: int) -> bool:
        """Put it aside and return whether the broker has confirmed that; not from the connection's own thread."""
        parked = threading.Event()

        def work() -> None:
            self.session.park(self.body, self.properties, error, attempts)
            parked.set()

        self.session.soon(work)
        while not parked.wait(_LOOK_SECONDS) and self.alive:
            pass
        return parked.is_set()

    @property
    def resent(self) -> bool:
        """Whether it was parked before, and somebody sent it again."""
        return RESENT in (self.properties.headers or {})

    def _acknowledge(self) -> None:
        # The channel of the history is closed once the queue has taken over.
        if self.channel.is_open:
            self.channel.basic_ack(self.tag)
