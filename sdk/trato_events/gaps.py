"""Holes in the sequence of a subject: a sign that something was lost between the suite and this program."""

import logging
from dataclasses import dataclass

from trato_events.event import Event

log = logging.getLogger("trato_events")


@dataclass(frozen=True)
class Gap:
    """Events ``expected`` to ``found - 1`` of a subject did not come before ``event``, which has ``found``."""

    subject: str
    expected: int
    found: int
    event: Event

    def __str__(self) -> str:
        missing = self.found - self.expected
        return f"{missing} event(s) of {self.subject} are missing before {self.event.id}: #{self.expected} was next"


def gap_before(event: Event, last: int | None) -> Gap | None:
    """Return the hole before an event, given the last sequence of its subject; None where nothing is known of it."""
    if last is None or event.sequence <= last + 1:
        return None
    return Gap(event.subject, last + 1, event.sequence, event)


def warn(gap: Gap) -> None:
    """Write a gap into the log: what happens to gaps where nothing else is asked."""
    log.warning("%s; read them again from the history: trato-events replay --subject %s", gap, gap.subject)
