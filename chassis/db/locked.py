"""Locked aggregates written by a prepared update: nobody else can have changed them, so nobody waits for an answer."""

import functools
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, make_transient, make_transient_to_detached
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from chassis.clock import utc_now
from chassis.db.prepared import Prepared, Values
from chassis.model import Aggregate

_ROW = "row_id"


def take(session: Session, locked: Iterable[Aggregate]) -> list[tuple[Prepared, Values]]:
    """Take changed aggregates, whose rows this transaction holds, out of what ``session`` would write itself.

    Returns the updates. For the session they are stored from here on. Those with relationships stay with SQLAlchemy.
    """
    updates: list[tuple[Prepared, Values]] = []
    for record in locked:
        mapper: Mapper[Any] = sa.inspect(type(record))
        if record not in session.dirty or mapper.relationships or len(mapper.tables) > 1:
            continue
        if not (changed := _changed(record, mapper)):
            continue
        record.version += 1
        record.updated_at = utc_now()
        names = (*changed, "version", "updated_at")
        updates.append((_update(mapper, names), {_ROW: record.id, **{name: getattr(record, name) for name in names}}))
        session.expunge(record)
        make_transient(record)
        make_transient_to_detached(record)
        session.add(record)
    return updates


def _changed(record: Aggregate, mapper: "Mapper[Any]") -> tuple[str, ...]:
    state: Any = sa.inspect(record)
    touched = state.committed_state
    keys = (prop.key for prop in mapper.column_attrs if prop.key in touched)
    return tuple(key for key in keys if state.get_history(key, PASSIVE_NO_INITIALIZE).has_changes())


@functools.cache
def _update(mapper: "Mapper[Any]", names: tuple[str, ...]) -> Prepared:
    table = mapper.class_.__table__
    columns = {name: mapper.column_attrs[name].columns[0] for name in names}
    changes = {column: sa.bindparam(name, type_=column.type) for name, column in columns.items()}
    return Prepared(sa.update(table).where(table.c.id == sa.bindparam(_ROW, type_=table.c.id.type)).values(changes))
