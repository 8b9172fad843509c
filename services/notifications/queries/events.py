"""The history of what was published."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.db.prepared import Prepared
from chassis.envelope import Envelope
from chassis.fields import Id
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.published_event import PublishedEvent

_POSITION: Any = PublishedEvent.__table__.alias("the_one_before")
_ORDER: Any = PublishedEvent.position

_TABLE: Any = PublishedEvent.__table__
_KEEP = {
    name: Prepared(dialect.insert(_TABLE).on_conflict_do_nothing(index_elements=["id"]), _TABLE.c.keys())
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}

EVENT_FILTERS = filters_for(
    PublishedEvent,
    exclude=("position",),
    sort_as={"position": _ORDER},
    default_sort=("position",),
    after=where(
        Id,
        lambda event_id: (
            PublishedEvent.position
            > sa.select(_POSITION.c.position).where(_POSITION.c.id == event_id).scalar_subquery()
        ),
    ),
)


def is_kept(uow: UnitOfWork, event_id: UUID) -> bool:
    """Whether the history has this event."""
    return bool(uow.session.scalar(sa.select(sa.exists().where(PublishedEvent.id == event_id))))


def keep(uow: UnitOfWork, envelope: Envelope) -> None:
    """Put an event into the history, once however often it comes; nobody reads it in this transaction."""
    event = {
        "id": envelope.id,
        "position": new_id(),
        "type": envelope.type,
        "subject": envelope.subject,
        "sequence": envelope.sequence,
        "time": envelope.time,
        "body": envelope.to_json().decode(),
        "owner_id": envelope.owner,
        "group_id": envelope.group,
    }
    uow.append(_KEEP[uow.session.get_bind().dialect.name], event)


def history(uow: UnitOfWork, page: PageRequest) -> Page[dict[str, Any]]:
    """Return a page of the events that the caller may read, whole, the oldest first."""
    query = uow.scoped(sa.select(PublishedEvent), PublishedEvent)
    found = page.apply(query, uow.session)
    return Page([orjson.loads(event.body) for event in found.items], found.next_cursor, found.total)


def one(uow: UnitOfWork, event_id: UUID) -> PublishedEvent | None:
    """Return one event of the history."""
    return uow.session.get(PublishedEvent, event_id)


def bodies(uow: UnitOfWork, event_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Return events as they were published, by their ids."""
    rows = uow.session.execute(
        sa.select(PublishedEvent.id, PublishedEvent.body).where(PublishedEvent.id.in_(event_ids))
    )
    return {row.id: row.body.encode() for row in rows}
