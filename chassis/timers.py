"""Timed work: rows with the instant at which they are due, fired once, in a transaction of their own."""

import functools
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from chassis.clock import utc_now
from chassis.db import tables
from chassis.db.commit_signal import CommitSignal
from chassis.db.prepared import Prepared, run_at_end
from chassis.ids import new_id

if TYPE_CHECKING:
    from chassis.model import Aggregate
    from chassis.unit_of_work import UnitOfWork

__all__ = ["EVERY", "NEVER", "Due", "Timer", "Timers", "cancel", "every", "schedule", "scheduled", "timer"]

F = TypeVar("F", bound=Callable[..., None])
EVERY: Final = "every"  # the kind of recurring timers; their key is their name
NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)  # when a timer that was given up on is due
_MARK: Final = "timer_for"

# Tells the scheduler of this process the earliest instant that a committed transaction scheduled.
scheduled: Final = CommitSignal[datetime]("timers", min)


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A timer that fires. ``due_at`` is when it should have; ``attempts`` counts the failures before this one."""

    kind: str
    key: str
    due_at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0


class Works(Protocol):
    """A timer's function as it is called: in the transaction that also forgets the timer."""

    def __call__(self, uow: "UnitOfWork", due: Due, /) -> None:
        """Do what is due."""


@dataclass(frozen=True)
class Timer:
    """What is done when a kind of timer fires; ``interval`` is set for what recurs, ``of`` where it is a record's."""

    kind: str
    work: Works
    interval: timedelta | None = None
    of: "type[Aggregate] | None" = None


def timer(kind: str, *, of: "type[Aggregate] | None" = None) -> Callable[[F], F]:
    """Declare a function ``(uow, due)`` as what is done when timers of this kind fire.

    It runs as the system and commits with the row's removal, so it happens once. After an outage what is overdue
    fires in the order it was due. A failing one is tried again with growing delay, then left with its error.

    ``of`` is the model of the record that the key names: it is locked when the function is called. While somebody
    else has it the timer waits, without having them wait: they may be about to move it.
    """

    def mark(function: F) -> F:
        setattr(function, _MARK, Timer(kind, _work(function), of=of))
        return function

    return mark


def every(interval: timedelta, name: str) -> Callable[[F], F]:
    """Declare a function ``(uow)`` or ``(uow, due)`` that recurs: in one process at a time, never twice at once.

    The first time is at once; after an outage it fires once, not once for each time missed.
    """

    def mark(function: F) -> F:
        setattr(function, _MARK, Timer(name, _work(function), interval))
        return function

    return mark


class Timers:
    """All timers of one service."""

    def __init__(self, declared: Iterable[Timer]) -> None:
        declared = tuple(declared)
        self.once = {each.kind: each for each in declared if each.interval is None}
        self.recurring = {each.kind: each for each in declared if each.interval is not None}

    @classmethod
    def declared_in(cls, *modules: ModuleType) -> "Timers":
        """Return the timers that these modules declare."""
        found = [value for module in modules for value in vars(module).values() if hasattr(value, _MARK)]
        return cls({id(each): each for each in (getattr(function, _MARK) for function in found)}.values())

    def and_those(self, others: "Timers") -> "Timers":
        """Return these and ``others``."""
        return Timers(each for part in (self, others) for each in (*part.once.values(), *part.recurring.values()))

    def of(self, due: Due) -> Timer | None:
        """Return what is done for a row that is due, or None where nobody declares its kind."""
        return self.recurring.get(due.key) if due.kind == EVERY else self.once.get(due.kind)


def schedule(
    session: Session, metadata: sa.MetaData, kind: str, at: datetime, *, key: str, data: dict[str, Any]
) -> None:
    """Have ``kind`` fire at the instant ``at`` once this transaction commits; the same kind and key again moves it."""
    values = {
        "id": new_id(),
        "kind": kind,
        "key": key,
        "due_at": at,
        "data": data,
        "attempts": 0,
        "last_error": None,
        "created_at": utc_now(),
    }
    run_at_end(session, [(_setting(metadata, session.get_bind().dialect.name), values)])
    scheduled.note(session, metadata, at)


def cancel(session: Session, metadata: sa.MetaData, kind: str, key: str) -> None:
    """Forget a timer that has not fired, in this transaction; none by that name is fine."""
    run_at_end(session, [(_forgetting(metadata), {"kind": kind, "key": key})])


@functools.cache
def _forgetting(metadata: sa.MetaData) -> Prepared:
    table = tables.timers(metadata)
    mine = (table.c.kind == sa.bindparam("kind", type_=sa.String), table.c.key == sa.bindparam("key", type_=sa.String))
    return Prepared(sa.delete(table).where(*mine))


@functools.cache
def _setting(metadata: sa.MetaData, dialect: str) -> Prepared:
    table = tables.timers(metadata)
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    changes = {name: insert.excluded[name] for name in ("due_at", "data", "attempts", "last_error")}
    columns = [column.name for column in table.columns]
    return Prepared(insert.on_conflict_do_update(index_elements=["kind", "key"], set_=changes), columns)


def _work(function: Callable[..., None]) -> Works:
    taken = len(inspect.signature(function).parameters)
    if taken == 2:  # noqa: PLR2004 - uow and due
        return function
    if taken != 1:
        raise TypeError(f"{function.__name__} must take (uow, due)")

    def shorter(uow: "UnitOfWork", _due: Due, /) -> None:
        function(uow)

    return shorter
