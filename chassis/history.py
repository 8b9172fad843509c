"""The history of marked fields: who changed what, when, from what to what, and why, kept in the same transaction."""

import functools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, get_args, get_origin

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session
from sqlalchemy.orm.base import PASSIVE_OFF

from chassis.clock import utc_now
from chassis.context import Call, current_call
from chassis.db import tables
from chassis.db.prepared import Prepared, run_at_end
from chassis.fields import Id, Instant, ShortText
from chassis.model import Aggregate
from chassis.shapes import packer
from chassis.vocabulary import Described, Mark, describe, hints_of

LONGEST: Final = 2000  # bytes of JSON kept of one value
CUT: Final = "… [cut]"
_COLUMNS: Final = (
    "resource", "record_id", "field", "old", "new", "at", "actor_id", "actor_name", "cause", "correlation_id",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change of one field. ``old`` and ``new`` are plain JSON values; ``cause`` is api, import, rule or event."""

    field: ShortText
    old: Any
    new: Any
    at: Instant
    actor_id: Id | None
    actor_name: ShortText
    cause: ShortText | None
    correlation_id: ShortText | None


def collect(session: Session) -> None:
    """Write a row for each marked field that this flush changes; called before each flush.

    A record's birth is no change: its first values stand in the record's first event.
    """
    rows = [row for record in session.dirty if isinstance(record, Aggregate) for row in _changes(record)]
    if rows:
        metadata = type(next(r for r in session.dirty if isinstance(r, Aggregate))).metadata  # type: ignore[attr-defined]
        run_at_end(session, [(_insert(metadata), row) for row in rows])


def of_record(
    session: Session,
    metadata: sa.MetaData,
    resource: str,
    record_id: uuid.UUID,
    *,
    fields: Iterable[str] | None = None,
    limit: int = 100,
    before: int | None = None,
) -> list[Change]:
    """Return the changes of one record, newest first; ``before`` is the number of the row to continue behind."""
    table = tables.field_history(metadata)
    query = sa.select(table).where(table.c.resource == resource, table.c.record_id == record_id)
    if fields is not None:
        query = query.where(table.c.field.in_(list(fields)))
    if before is not None:
        query = query.where(table.c.id < before)
    rows = session.execute(query.order_by(table.c.id.desc()).limit(limit)).mappings()
    return [Change(**{name: row[name] for name in Change.__dataclass_fields__}) for row in rows]


@functools.cache
def _insert(metadata: sa.MetaData) -> Prepared:
    return Prepared(sa.insert(tables.field_history(metadata)), _COLUMNS)


def _changes(record: Aggregate) -> Iterable[dict[str, Any]]:
    state: Any = sa.inspect(record)
    call = current_call.get()
    model: type = type(record)
    for name, kind in logged(model):
        old, new = _before_and_after(state, name)
        if old == new:
            continue
        if kind.python_type is dict:
            # Of custom fields each is a field of its own.
            for member in sorted({*(old or {}), *(new or {})}):
                was, becomes = (old or {}).get(member), (new or {}).get(member)
                if was != becomes:
                    yield _row(record, f"{name}.{member}", was, becomes, call)
            continue
        yield _row(record, name, _plain(kind, old), _plain(kind, new), call)


def _before_and_after(state: Any, name: str) -> tuple[Any, Any]:
    if name in state.mapper.composites:
        parts = [prop.key for prop in state.mapper.composites[name].props]
        histories = [state.get_history(part, PASSIVE_OFF) for part in parts]
        if not any(history.has_changes() for history in histories):
            return None, None
        make = state.mapper.composites[name].composite_class
        amount, currency = ((history.deleted or history.unchanged or (None,))[0] for history in histories)
        return (None if amount is None else make(amount, currency)), getattr(state.obj(), name)
    history = state.get_history(name, PASSIVE_OFF)
    if not history.has_changes():
        return None, None
    return (history.deleted or (None,))[0], (history.added or (None,))[0]


@functools.cache
def logged(model: type) -> tuple[tuple[str, Described], ...]:
    """Return the fields of ``model`` whose changes are kept."""
    kinds = {name: describe(get_args(hint)[0]) for name, hint in hints_of(model).items() if get_origin(hint) is Mapped}
    return tuple((name, kind) for name, kind in kinds.items() if Mark.LOGGED in kind.marks)


def _row(record: Aggregate, field: str, old: Any, new: Any, call: Call) -> dict[str, Any]:
    return {
        "resource": record.resource,
        "record_id": record.id,
        "field": field,
        "old": _cut(old),
        "new": _cut(new),
        "at": utc_now(),
        "actor_id": call.actor.user_id,
        "actor_name": call.actor.name[:200],
        "cause": call.cause,
        "correlation_id": call.correlation_id[:64] or None,
    }


def _plain(kind: Described, value: Any) -> Any:
    if value is None:
        return None
    if kind.item is not None:
        return [_plain(kind.item, item) for item in value]
    change = packer(kind.python_type)
    return value if change is None else change(value)


def _cut(value: Any) -> Any:
    """Return ``value``, or the beginning of its text with a mark where it is long."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return value if len(text.encode()) <= LONGEST else text[: LONGEST // 2] + CUT
