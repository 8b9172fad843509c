"""The outbox: events wait in the database, in the transaction of the change that they tell about.

Rows stay after they were published: the outbox is also the service's event log, and can be read again.
"""

import functools
import operator
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.clock import utc_now
from chassis.context import Call
from chassis.db import tables
from chassis.db.commit_signal import CommitSignal
from chassis.db.prepared import Prepared, Values, run
from chassis.envelope import CONTENT_TYPE, data_schema
from chassis.events import Event
from chassis.ids import new_id

__all__ = ["CONTENT_TYPE", "Record", "append", "appended", "body", "pending", "rows"]

Rows = Sequence[sa.RowMapping]
_COLUMNS: Final = ("event_id", "resource", "aggregate_id", "sequence", "type", "data", "headers", "occurred_at")

# Tells the relay of this process how many events a committed transaction told.
appended: Final = CommitSignal[int]("outbox", operator.add)


class Subject(Protocol):
    """What the outbox needs to know of the aggregate that tells an event."""

    @property
    def resource(self) -> str:
        """The resource in the event's subject, for example ``people``."""

    @property
    def id(self) -> uuid.UUID:
        """The aggregate's id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One event on its way to the outbox. ``sequence`` counts the events of one aggregate from 1."""

    event: Event
    resource: str
    aggregate_id: uuid.UUID
    sequence: int
    call: Call
    owner: uuid.UUID | None = None
    group: uuid.UUID | None = None

    @classmethod
    def of(cls, aggregate: Subject, sequence: int, event: Event, call: Call) -> "Record":
        """Return the record of an event that ``aggregate`` told during ``call``."""
        return cls(
            event=event,
            resource=aggregate.resource,
            aggregate_id=aggregate.id,
            sequence=sequence,
            call=call,
            owner=getattr(aggregate, "owner_id", None),
            group=getattr(aggregate, "group_id", None),
        )


def append(session: Session, metadata: sa.MetaData, records: Sequence[Record]) -> None:
    """Write events to the outbox in this transaction, in one round trip; the relay is woken by the commit."""
    if records:
        run(session, rows(session, metadata, records))


def rows(session: Session, metadata: sa.MetaData, records: Sequence[Record]) -> list[tuple[Prepared, Values]]:
    """Return what ``append`` would write, for whoever writes it together with something else in this transaction."""
    if not records:
        return []
    insert, now = _insert(metadata), utc_now()
    appended.note(session, metadata, len(records))
    return [(insert, _row(record, now)) for record in records]


def last_sequence(session: Session, metadata: sa.MetaData, resource: str, id_: uuid.UUID) -> int:
    """Return the number of the last event in the log about a subject, 0 where there is none."""
    table = tables.outbox(metadata)
    mine = sa.and_(table.c.resource == resource, table.c.aggregate_id == id_)
    return session.scalar(sa.select(sa.func.max(table.c.sequence)).where(mine)) or 0


@functools.cache
def _insert(metadata: sa.MetaData) -> Prepared:
    return Prepared(sa.insert(tables.outbox(metadata)), _COLUMNS)


def body(service: str, row: Mapping[str, Any] | sa.RowMapping) -> bytes:
    """Return the message of an outbox row: a CloudEvents envelope in JSON.

    ``data`` and ``headers`` are spliced in as they were stored, because the relay moves thousands a second.
    """
    when: datetime = row["occurred_at"]
    return (
        f'{{"specversion":"1.0","id":"{row["event_id"]}","source":"/crm/{service}","type":"{row["type"]}",'
        f'"subject":"{row["resource"]}/{row["aggregate_id"]}","time":"{when.astimezone(UTC).isoformat()}",'
        f'"dataschema":"{data_schema(row["type"])}","datacontenttype":"application/json",'
        f'"sequence":{row["sequence"]},{row["headers"][1:-1]},"data":{row["data"]}}}'
    ).encode()


def pending(session: "Session | sa.Connection", outbox: sa.Table, limit: int, but: Collection[int] = ()) -> Rows:
    """Return the oldest unpublished rows, at most ``limit``, without those whose ids are given.

    Never by "id greater than the last one seen": ids are given before commit, so a slow transaction commits a
    lower id later and a cursor would skip it.
    """
    asked = {"limit": limit, "but": list(but)} if but else {"limit": limit}
    return session.execute(_pending(outbox, bool(but)), asked).mappings().all()


@functools.cache
def _pending(outbox: sa.Table, but: bool) -> sa.Select[Any]:
    query = sa.select(outbox).where(outbox.c.published_at.is_(None))
    if but:
        query = query.where(outbox.c.id.not_in(sa.bindparam("but", expanding=True)))
    return query.order_by(outbox.c.id).limit(sa.bindparam("limit", type_=sa.Integer))


def _row(record: Record, now: datetime) -> dict[str, Any]:
    return {
        "event_id": new_id(),
        "resource": record.resource,
        "aggregate_id": record.aggregate_id,
        "sequence": record.sequence,
        "type": record.event.type,
        "data": orjson.dumps(record.event.encode()).decode(),
        "headers": orjson.dumps(_headers(record)).decode(),
        "occurred_at": now,
    }


def _headers(record: Record) -> dict[str, Any]:
    call, actor = record.call, record.call.actor
    return {
        "correlationid": call.correlation_id or call.request_id,
        "causedby": call.caused_by,
        "actor": {"id": actor.user_id, "name": actor.name, "kind": actor.kind},
        "owner": record.owner,
        "group": record.group,
        "concerns": record.event.concerns(),
        "traceparent": call.traceparent,
        "depth": call.depth,
    }
