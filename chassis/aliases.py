"""Ids of records that were merged into others: they stay good for ever, and lead to the record that is left.

A column of ``AliasedId`` always holds the id of a record that is left: what is written by an old id is put right
before it is saved, together with the events that tell of it. Filters on such columns take old ids as well. A request
that names a record by an old id, in its path or its body, is answered as if it had named the one that is left.
"""

import functools
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar, get_args, get_origin

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from chassis.db import alias_tables
from chassis.db.prepared import Prepared, run
from chassis.db.several import Several, among
from chassis.errors import NotFound
from chassis.events import Event
from chassis.ids import parse_id
from chassis.vocabulary import Mark, describe, hints_of

E = TypeVar("E", bound=Event)
Renamed = Mapping[uuid.UUID, uuid.UUID]

_NOTHING: Final[Renamed] = {}
_SETTLED: Final = "settled ids"  # where a session's info holds the ids that are known to lead nowhere else


def canonical_of(session: Session, metadata: sa.MetaData, ids: Iterable[uuid.UUID]) -> Renamed:
    """Return where those of ``ids`` lead that are aliases; the others are missing."""
    wanted = sorted(set(ids))
    if not wanted or not alias_tables.kept_in(metadata):
        return _NOTHING
    one = len(wanted) == 1
    question = _one_leads_to(metadata) if one else _leads_to(metadata)
    return {row[0]: row[1] for row in run(session, [(question, {"id": wanted[0]} if one else {"ids": wanted})])}


def family_of(session: Session, metadata: sa.MetaData, id_: uuid.UUID) -> list[uuid.UUID]:
    """Return the id that ``id_`` leads to, itself where it is no alias, with all aliases of it behind."""
    rows = _family(metadata).rows(session, {"id": id_})
    return [rows[0][0], *(row[1] for row in rows)] if rows else [id_]


def families_of(
    session: Session, metadata: sa.MetaData, ids: Iterable[uuid.UUID]
) -> Mapping[uuid.UUID, list[uuid.UUID]]:
    """Return for each of ``ids``, which are of records that are left, the id itself with all aliases of it behind."""
    found = {id_: [id_] for id_ in ids}
    table = alias_tables.aliases(metadata)
    query = sa.select(table.c.canonical_id, table.c.id).where(table.c.canonical_id.in_(sorted(found)))
    for canonical_id, id_ in session.execute(query):
        found[canonical_id].append(id_)
    return found


def settle(session: Session, metadata: sa.MetaData, records: Iterable[Any]) -> Renamed:
    """Have new and changed records name those that are left; return which ids were replaced.

    What a transaction named once is not asked for again.
    """
    if not alias_tables.kept_in(metadata):
        return _NOTHING
    records = list(records)
    settled: set[uuid.UUID | None] = session.info.setdefault(_SETTLED, set())
    settled |= {getattr(record, "id", None) for record in records if record in session.new}
    named = [(record, name, id_) for record in records for name, id_ in _named(record) if id_ not in settled]
    renamed = canonical_of(session, metadata, (id_ for _, _, id_ in named))
    settled |= {renamed.get(id_, id_) for _, _, id_ in named}
    for record, name, id_ in named:
        if id_ in renamed:
            setattr(record, name, renamed[id_])
    return renamed


def ask_again(session: Session) -> None:
    """Take nothing for settled that this transaction asked about before: ids lead elsewhere from here on."""
    session.info.pop(_SETTLED, None)


def told(event: E, renamed: Renamed) -> E:
    """Return the event with the ids of those that are left."""
    if not any(id_ in renamed for id_ in event.concerns()):
        return event
    return type(event).decode(swapped(event.encode(), {str(old): str(new) for old, new in renamed.items()}))


def swapped(plain: Any, renamed: Mapping[str, str]) -> Any:
    """Return plain JSON values with some texts replaced by others wherever they stand."""
    if isinstance(plain, Mapping):
        return {name: swapped(value, renamed) for name, value in plain.items()}
    if isinstance(plain, list | tuple):
        return type(plain)(swapped(value, renamed) for value in plain)
    return renamed.get(plain.lower(), plain) if isinstance(plain, str) else plain


def elsewhere(session: Session, metadata: sa.MetaData, error: NotFound) -> dict[str, str]:
    """Return where the id leads that was not found, as texts; nothing where it is no alias."""
    id_ = parse_id(str(error.params.get("id", "")))
    found = {} if id_ is None else canonical_of(session, metadata, [id_])
    return {str(old): str(new) for old, new in found.items()}


@functools.cache
def references(model: type) -> tuple[str, ...]:
    """Return the names of a model's columns of ``AliasedId``."""
    hints = {name: hint for name, hint in hints_of(model).items() if get_origin(hint) is Mapped}
    return tuple(name for name, hint in hints.items() if Mark.ALIASED in describe(get_args(hint)[0]).marks)


def _named(record: Any) -> Iterable[tuple[str, uuid.UUID]]:
    """Yield what a record that is about to be saved names anew."""
    model: type = type(record)
    names = references(model)
    state: Any = sa.inspect(record) if names else None
    for name in names:
        for id_ in state.get_history(name, PASSIVE_NO_INITIALIZE).added or ():
            if id_ is not None:
                yield name, id_


@functools.cache
def _leads_to(metadata: sa.MetaData) -> Prepared:
    table = alias_tables.aliases(metadata)
    return Prepared(
        sa.select(table.c.id, table.c.canonical_id).where(among(table.c.id, sa.bindparam("ids", type_=Several())))
    )


@functools.cache
def _one_leads_to(metadata: sa.MetaData) -> Prepared:
    # How many are in an array PostgreSQL does not know beforehand, so it plans anew each time.
    table = alias_tables.aliases(metadata)
    return Prepared(sa.select(table.c.id, table.c.canonical_id).where(table.c.id == sa.bindparam("id", type_=sa.Uuid)))


@functools.cache
def _family(metadata: sa.MetaData) -> Prepared:
    table = alias_tables.aliases(metadata)
    leads_to = alias_tables.canonical(sa.bindparam("id", type_=sa.Uuid()))
    return Prepared(sa.select(table.c.canonical_id, table.c.id).where(table.c.canonical_id == leads_to))
