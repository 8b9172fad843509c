"""Replay: a service's event log, read again and put straight into one consumer's queue; nobody else notices.

By default a consumer's inbox is respected: handlers that have seen an event skip it, so replay only feeds new
handlers and what was lost. ``again`` first forgets the consumer's notes about each batch, so that its handlers see
the events anew, for instance to rebuild a copy. Replay goes on until it reaches the end of the log, events told
meanwhile included: the last word on a subject is the latest one, and a copy that was rebuilt ends up current. What
the relay is just publishing comes twice and is handled once.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from chassis.bus import outbox, topology
from chassis.bus.amqp import Message, Publisher
from chassis.bus.delivery import REPLAY
from chassis.bus.inbox import Inbox
from chassis.db import tables
from chassis.db.database import Database

BATCH: Final = 200


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which events to replay; what is None does not narrow. ``since`` counts, ``before`` does not."""

    since: datetime | None = None
    before: datetime | None = None
    type: str | None = None
    subject: str | None = None
    event_id: uuid.UUID | None = None

    def conditions(self, table: sa.Table) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on the event log. Raise ``ValueError`` for a subject that is none."""
        found: list[sa.ColumnElement[bool]] = []
        if self.since is not None:
            found.append(table.c.occurred_at >= self.since)
        if self.before is not None:
            found.append(table.c.occurred_at < self.before)
        if self.type is not None:
            found.append(table.c.type == self.type)
        if self.subject is not None:
            resource, _, id_ = self.subject.partition("/")
            found += [table.c.resource == resource, table.c.aggregate_id == uuid.UUID(id_)]
        if self.event_id is not None:
            found.append(table.c.event_id == self.event_id)
        return found


@dataclass(frozen=True)
class Consumer:
    """The service that gets the events; its database is needed to forget what it has seen."""

    service: str
    database: Database | None = None
    metadata: sa.MetaData | None = None

    def forget(self, event_ids: Sequence[uuid.UUID]) -> None:
        """Let its handlers see these events as new."""
        if self.database is None or self.metadata is None:
            raise ValueError("to replay again, the consumer's database is needed")
        with self.database.write() as session:
            Inbox(self.service, self.metadata).forget(session, event_ids)


def replay(
    service: str,
    database: Database,
    metadata: sa.MetaData,
    broker_url: str,
    *,
    to: Consumer,
    selection: Selection,
    again: bool = False,
) -> Iterator[int]:
    """Publish a service's stored events to one consumer in their order; yields how many so far, after each batch.

    Repeating it is harmless. Raises one of ``connection.AWAY`` where the broker is away, ``NotConfirmed`` where the
    consumer has no queue.
    """
    table = tables.outbox(metadata)
    query = sa.select(table).where(*selection.conditions(table)).order_by(table.c.id).limit(BATCH)
    publisher = Publisher(broker_url, f"{service} replay")
    last = total = 0
    try:
        while rows := _batch(database, query.where(table.c.id > last)):
            if again:
                to.forget([row["event_id"] for row in rows])
            publisher.publish([_message(service, row, to.service) for row in rows], mandatory=True)
            last, total = rows[-1]["id"], total + len(rows)
            yield total
    finally:
        publisher.close()


def _batch(database: Database, query: sa.Select[Any]) -> Sequence[sa.RowMapping]:
    with database.read() as session:
        rows: Sequence[sa.RowMapping] = session.execute(query).mappings().all()
        return rows


def _message(service: str, row: sa.RowMapping, consumer: str) -> Message:
    properties = {
        "content_type": outbox.CONTENT_TYPE,
        "message_id": str(row["event_id"]),
        "type": row["type"],
        "application_headers": {REPLAY: service},
    }
    return Message("", topology.events_queue(consumer), outbox.body(service, row), properties)
