"""What a service's handlers have done already, and which subjects wait: both in the service's own database."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.clock import utc_now
from chassis.db import tables
from chassis.db.prepared import Prepared, run_at_end
from chassis.db.several import Several, among
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
        self._inbox, self._blocked = inbox, blocked = tables.inbox(metadata), tables.inbox_blocked(metadata)
        done = sa.select(inbox.c.consumer, sa.null().label("subject"), inbox.c.event_id, sa.null().label("sequence"))
        waiting = sa.select(sa.null().label("consumer"), blocked.c.subject, blocked.c.event_id, blocked.c.sequence)
        self._known = Prepared(
            sa.union_all(
                done.where(among(inbox.c.event_id, sa.bindparam("ids", type_=Several()))),
                waiting.where(
                    blocked.c.consumer == service,
                    among(blocked.c.subject, sa.bindparam("subjects", type_=Several(sa.Text))),
                    blocked.c.since > sa.bindparam("since", type_=blocked.c.since.type),
                ),
            ),
            planned=False,  # of a service that is new both tables are empty, where reading all of them is best
        )
        self._note = Prepared(sa.insert(inbox), inbox.c.keys())
        self._note_several = Prepared(_several(inbox))

    def known(self, session: Session, envelopes: Sequence[Envelope]) -> tuple[Done, dict[str, list[Waiting]]]:
        """Return which consumers have handled which of these events, and what waits, by subject."""
        asked = {
            "ids": [envelope.id for envelope in envelopes],
            "subjects": sorted({envelope.subject for envelope in envelopes}),
            "since": utc_now() - FORGOTTEN,
        }
        done, waiting = Done(), dict[str, list[Waiting]]()
        for consumer, subject, event_id, sequence in self._known.rows(session, asked):
            if subject is None:
                done.add((consumer, event_id))
            else:
                waiting.setdefault(subject, []).append(Waiting(event_id, sequence))
        return done, waiting

    def note(self, session: Session, handled: Sequence[tuple[str, uuid.UUID]]) -> None:
        """Note that consumers have handled events; a second note of the same makes the commit fail."""
        now = utc_now()
        if session.get_bind().dialect.name == "postgresql" and handled:
            consumers, ids = zip(*handled, strict=True)
            run_at_end(session, [(self._note_several, {"consumers": consumers, "ids": ids, "now": now})])
            return
        rows = [{"consumer": each, "event_id": id_, "processed_at": now} for each, id_ in handled]
        run_at_end(session, [(self._note, row) for row in rows])

    def forget(self, session: Session, event_ids: Sequence[uuid.UUID]) -> None:
        """Let this service's handlers see these events as new again."""
        mine = self._inbox.c.consumer.startswith(f"{self._service}.", autoescape=True)
        session.execute(sa.delete(self._inbox).where(self._inbox.c.event_id.in_(event_ids), mine))

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


def _several(inbox: sa.Table) -> sa.Insert:
    """Return the insert of as many notes as two arrays of one length say."""
    given = (sa.bindparam("ids", type_=Several()), sa.bindparam("consumers", type_=Several(sa.Text)))
    pairs = sa.func.unnest(*given).table_valued("event_id", "consumer").render_derived()
    now = sa.bindparam("now", type_=inbox.c.processed_at.type)
    columns = ["event_id", "consumer", "processed_at"]
    return sa.insert(inbox).from_select(columns, sa.select(pairs.c.event_id, pairs.c.consumer, now))
