"""Long work in the background: queued in the transaction that asks for it; with progress, cancel, resume."""

import operator
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.clock import utc_now
from chassis.context import Actor, Call
from chassis.db import tables
from chassis.db.commit_signal import CommitSignal
from chassis.errors import Conflict, NotFound
from chassis.ids import new_id

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitOfWork

State = Literal["queued", "running", "done", "failed", "cancelled"]
JSONObject = dict[str, Any]
ENDED: Final = ("done", "failed", "cancelled")
_MARK: Final = "job_kind"

# Tells the job runner of this process how many jobs a committed transaction queued.
queued: Final = CommitSignal[int]("jobs", operator.add)


class JobHasEnded(Conflict):
    """This job has already ended."""

    slug = "job-has-ended"
    es = "Este trabajo ya ha terminado."


class JobCancelled(BaseException):
    """Somebody cancelled the job. Not an ``Exception``: the work's own handlers must not swallow it."""


class JobPostponed(BaseException):
    """The work waits for something outside: raised, it goes on from the last checkpoint after ``delay``, however often.

    Not an ``Exception``: waiting is no failure, and the work's own handlers must not swallow it.
    """

    def __init__(self, delay: timedelta) -> None:
        super().__init__(f"for {delay}")
        self.delay = delay


class JobRun(Protocol):
    """One attempt at a job, as its function sees it.

    After a crash the function runs again, in another process, with what it last handed to ``checkpoint``;
    what it does between two checkpoints must therefore bear repetition, or sit in one ``transaction`` with
    the checkpoint that follows it.
    """

    id: uuid.UUID
    kind: str
    data: JSONObject
    saved: JSONObject | None
    call: Call

    def transaction(self, permission: str | None = None) -> "AbstractContextManager[UnitOfWork]":
        """Open a unit of work that commits at the end of the block, if this attempt still owns the job."""
        ...

    def reading(self, permission: str | None = None) -> "AbstractContextManager[UnitOfWork]":
        """Open a unit of work for questions only."""
        ...

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far it is and let others run. Raises ``JobCancelled`` once somebody cancels."""
        ...

    def cancelled(self) -> bool:
        """Whether somebody asked to cancel, for work that wants to end in its own way."""
        ...

    def checkpoint(self, data: JSONObject) -> None:
        """Remember where to go on after a crash; inside ``transaction`` it commits with it."""
        ...


JobFunction = Callable[[JobRun], JSONObject | None]
F = TypeVar("F", bound=JobFunction)


def job(kind: str) -> Callable[[F], F]:
    """Declare the function that does the jobs of one kind; what it returns is the job's result."""

    def mark(function: F) -> F:
        setattr(function, _MARK, kind)
        return function

    return mark


def jobs_in(*modules: ModuleType) -> dict[str, JobFunction]:
    """Return the functions of these modules that do jobs, by kind."""
    found = [value for module in modules for value in vars(module).values() if hasattr(value, _MARK)]
    return {getattr(function, _MARK): function for function in found}


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What may be told about a job; instants are UTC."""

    id: uuid.UUID
    kind: str
    state: State
    progress_done: int
    progress_total: int | None
    result: JSONObject | None
    error: str | None
    cancel_requested: bool
    requested_by: uuid.UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def enqueue(session: Session, metadata: sa.MetaData, kind: str, data: JSONObject, call: Call) -> uuid.UUID:
    """Queue a job in the caller's transaction and return its id; it runs as the caller, after the commit."""
    id_ = new_id()
    session.execute(
        sa.insert(tables.jobs(metadata)).values(
            id=id_,
            kind=kind,
            state="queued",
            data=data,
            call=_packed(call),
            requested_by=call.actor.user_id,
            created_at=utc_now(),
        )
    )
    queued.note(session, metadata, 1)
    return id_


def read(session: Session, metadata: sa.MetaData, id_: uuid.UUID) -> Job:
    """Return a job as it stands. Raises ``NotFound``. Whether the caller may see it is the service's rule."""
    table = tables.jobs(metadata)
    columns = [table.c[name] for name in Job.__dataclass_fields__]
    row = session.execute(sa.select(*columns).where(table.c.id == id_)).mappings().one_or_none()
    if row is None:
        raise NotFound(resource="jobs", id=str(id_))
    return Job(**row)


def cancel(session: Session, metadata: sa.MetaData, id_: uuid.UUID) -> Job:
    """Ask a job to stop: one that waits is cancelled now, one that runs at its next ``progress``.

    Raises ``NotFound`` or ``JobHasEnded``; asking twice is harmless.
    """
    table = tables.jobs(metadata)
    mine = sa.and_(table.c.id == id_, table.c.state.not_in(ENDED))
    waiting = table.c.state == "queued"
    changed = session.execute(
        sa.update(table)
        .where(mine)
        .values(
            cancel_requested=True,
            state=sa.case((waiting, "cancelled"), else_=table.c.state),
            finished_at=sa.case((waiting, utc_now()), else_=table.c.finished_at),
        )
        .returning(table.c.id)
    ).all()
    found = read(session, metadata, id_)
    if not changed:
        raise JobHasEnded(state=found.state)
    return found


def call_of(kind: str, packed: Mapping[str, Any]) -> Call:
    """Return the call under which a job runs: who asked for it, in the trace that it began in."""
    return Call(
        actor=Actor.from_dict(packed["actor"]),
        request_id=packed["request_id"],
        traceparent=packed["traceparent"],
        locale=packed["locale"],
        correlation_id=packed["correlation_id"],
        method=f"job:{kind}",
        cause=f"job:{kind}",
    )


def _packed(call: Call) -> JSONObject:
    return {
        "actor": call.actor.to_dict(),
        "request_id": call.request_id,
        "traceparent": call.traceparent,
        "locale": call.locale,
        "correlation_id": call.correlation_id,
    }
