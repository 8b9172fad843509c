"""What a service's handlers have done already, and which subjects wait: both in the service's own database."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.clock import utc_now
from chassis.db import tables
from chassis.envelope import Envelope

Done = set[tuple[str, uuid.UUID]]

# Longer than the longest delay on the ladder: what did not come back by then was taken out of its queue by hand.
FORGOTTEN: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event of a subject that failed, or that stands behind one that did."""

    event_id: uuid.UUID
    sequence: int


class Inbox:
    """The notes of one service; every method works in the caller's transaction."""

    def __init__(self, service: str, metadata: sa.MetaData) -> None:
        self._service = service
        self._inbox, self._blocked = tables.inbox(metadata), tables.inbox_blocked(metadata)

    def done(self, session: Session, envelopes: Sequence[Envelope]) -> Done:
        """Return which consumers have handled which of these events."""
        ids = [envelope.id for envelope in envelopes]
        query = sa.select(self._inbox.c.consumer, self._inbox.c.event_id).where(self._inbox.c.event_id.in_(ids))
        return {(consumer, event_id) for consumer, event_id in session.execute(query)}

    def note(self, session: Session, handled: Iterable[tuple[str, uuid.UUID]]) -> None:
        """Note that consumers have handled events. A second note of the same raises ``IntegrityError``."""
        now = utc_now()
        rows = [{"consumer": each, "event_id": id_, "processed_at": now} for each, id_ in handled]
        if rows:
            session.execute(sa.insert(self._inbox), rows)

    def forget(self, session: Session, event_ids: Sequence[uuid.UUID]) -> None:
        """Let this service's handlers see these events as new again."""
        mine = self._inbox.c.consumer.startswith(f"{self._service}.", autoescape=True)
        session.execute(sa.delete(self._inbox).where(self._inbox.c.event_id.in_(event_ids), mine))

    def waiting(self, session: Session, subjects: Iterable[str]) -> dict[str, list[Waiting]]:
        """Return what waits, by subject."""
        table = self._blocked
        query = sa.select(table.c.subject, table.c.event_id, table.c.sequence).where(
            table.c.consumer == self._service,
            table.c.subject.in_(sorted(set(subjects))),
            table.c.since > utc_now() - FORGOTTEN,
        )
        found: dict[str, list[Waiting]] = {}
        for subject, event_id, sequence in session.execute(query):
            found.setdefault(subject, []).append(Waiting(event_id, sequence))
        return found

    def block(self, session: Session, envelope: Envelope) -> None:
        """Let later events of the subject wait for this one."""
        self.release(session, envelope)
        session.execute(
            sa.insert(self._blocked).values(
                consumer=self._service,
                subject=envelope.subject,
                event_id=envelope.id,
                sequence=envelope.sequence,
                since=utc_now(),
            )
        )

    def release(self, session: Session, envelope: Envelope) -> None:
        """Let nobody wait for this event any more."""
        table = self._blocked
        session.execute(
            sa.delete(table).where(
                table.c.consumer == self._service,
                table.c.subject == envelope.subject,
                table.c.event_id == envelope.id,
            )
        )


def must_wait(envelope: Envelope, waiting: dict[str, list[Waiting]]) -> bool:
    """Whether an earlier event of the same subject has to come first."""
    return any(
        other.sequence < envelope.sequence and other.event_id != envelope.id
        for other in waiting.get(envelope.subject, ())
    )
