"""One transaction: what is loaded, changed and told together."""

import functools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session

from chassis import aliases, custom_fields, history, jobs, tallies, timers
from chassis.bus import outbox
from chassis.clock import utc_now
from chassis.context import Actor, Call, Scope
from chassis.db import births, locked, row_scope, search
from chassis.db.found import Finding, is_plain
from chassis.db.prepared import Prepared, Values, run, run_at_end, send
from chassis.errors import NotFound, VersionConflict
from chassis.events import Event
from chassis.model import Aggregate, Model, Owned, SoftDeleted

A = TypeVar("A", bound=Aggregate)
T = TypeVar("T")


class UnitOfWork:
    """A session that knows who asks, filters rows for them, and carries what aggregates tell to the outbox.

    The pipeline in ``chassis.rpc`` commits; code inside a unit of work never does.
    """

    def __init__(self, session: Session, metadata: sa.MetaData, call: Call, permission: str | None = None) -> None:
        self.session = session
        self.metadata = metadata
        self.call = call
        self.permission = permission
        self._told: list[outbox.Record] = []
        self._appended: list[tuple[Prepared, Values]] = []
        self._born: list[Model] = []
        self._locked: list[Aggregate] = []
        self._tallied: list[Event] | None = None
        self._unwritten: list[tuple[Prepared, Values]] = []
        self._ending = False
        self._version_checked = False
        session.info["unit_of_work"] = self

    @property
    def actor(self) -> Actor:
        """Who asked for this work."""
        return self.call.actor

    def add(self, aggregate: A) -> A:
        """Save a new aggregate when the transaction commits; an owned one is born to the caller unless it says so."""
        if isinstance(aggregate, Owned):
            aggregate.be_born_to(self.actor)
        self.session.add(aggregate)
        return aggregate

    def get(
        self,
        model: type[A],
        id_: uuid.UUID,
        *,
        permission: str | None = None,
        deleted: bool = False,
        lock: bool = False,
    ) -> A:
        """Load one aggregate the caller may see. Raise ``NotFound`` where there is none in reach.

        ``deleted`` also finds soft-deleted ones; ``lock`` makes other writers of the row wait for this one.
        """
        mapped = cast("type[Model]", model)
        scope = row_scope.scope_of(mapped, self.actor, permission or self.permission)
        values = {"id": id_, **row_scope.values_of(scope, self.actor)}
        question = _getting(mapped, scope, deleted, lock)
        if isinstance(question, Finding):
            records = [record for record, *_ in question.records(self.session, values)]
        else:
            records = list(self.session.scalars(question, values))
        if not records:
            raise NotFound(resource=model.resource, id=str(id_))
        found = cast("A", records[0])
        if lock:
            self._locked.append(found)
        return found

    def change(self, model: type[A], id_: uuid.UUID, *, permission: str | None = None, deleted: bool = False) -> A:
        """Load one aggregate in order to change it.

        Raise ``VersionConflict`` when the caller sent If-Match and the record has moved on. The version belongs to
        the first aggregate changed in a call; those that follow are changed as a consequence.
        """
        found = self.get(model, id_, permission=permission, deleted=deleted)
        self.expect_version(found)
        return found

    def expect_version(self, found: Aggregate) -> None:
        """Raise ``VersionConflict`` where ``found``, the first to change in this call, is not what If-Match says."""
        expected = self.call.expected_version
        if expected is not None and not self._version_checked and found.version != expected:
            raise VersionConflict(expected=expected, actual=found.version)
        self._version_checked = True

    def remove(self, aggregate: A) -> None:
        """Delete an aggregate: softly where its class says so, so that it can be restored; otherwise for good."""
        if isinstance(aggregate, SoftDeleted):
            aggregate.deleted_at = utc_now()
        else:
            self.session.delete(aggregate)

    def scoped(
        self,
        query: sa.Select[Any],
        model: type[Model],
        *,
        permission: str | None = None,
        deleted: bool = False,
    ) -> sa.Select[Any]:
        """Return ``query`` with the rows of ``model`` that the caller may reach under ``permission``.

        Without ``permission`` the permission of this call counts. A call without one sees every row: only public
        and internal operations are declared so.
        """
        scope = row_scope.scope_of(model, self.actor, permission or self.permission)
        conditions = row_scope.conditions(model, scope, self.actor, deleted=deleted)
        return query.where(*conditions) if conditions else query

    def may(self, permission: str) -> bool:
        """Whether the caller holds ``permission`` in any scope."""
        return self.actor.scope(permission) is not None

    def once(self, ask: Callable[["UnitOfWork"], T]) -> T:
        """Return what ``ask`` answered first in this transaction: for what many events handled together need alike."""
        answers = self.session.info.setdefault("answers", {})
        if ask not in answers:
            answers[ask] = ask(self)
        return cast("T", answers[ask])

    def append(self, insert: Prepared, values: Values) -> None:
        """Write a row that nobody reads again in this transaction; it goes with the events of the next ``flush``."""
        self._appended.append((insert, values))

    def write_behind(self, aggregate: Aggregate, update: Prepared, values: Values) -> None:
        """Write an aggregate that this transaction has locked by a statement of its own; the session forgets it.

        It goes, with what the aggregate told, as ``append`` has it: one message for many. Nobody checks a version.
        """
        self._hear(aggregate, {})
        self.session.expunge(aggregate)
        self._appended.append((update, values))

    def flush(self, *, at_end: bool = False) -> None:
        """Write pending changes; appended rows and what the aggregates told go behind them.

        The outbox comes last so that its ids follow the row locks: events of one aggregate keep their order. What
        nobody reads again goes, and may fail, with the next statement; with ``at_end`` the transaction is about to
        commit, and new aggregates go with the commit too.
        """
        born = self._collected()
        (run_at_end if at_end or not born else run)(self.session, [*born, *self._behind()])

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Do the block wholly or not at all, without giving up the rest of the transaction."""
        self._flush_now()
        born, tallied, held = len(self._born), len(self._tallied or ()), len(self._locked)
        try:
            with self.session.begin_nested():
                yield
                self._flush_now()
        except BaseException:
            self._unwritten, self._appended, self._told = [], [], []
            del (self._tallied or [])[tallied:]
            for record in self._born[born:]:
                self.session.expunge(record)
            del self._born[born:]
            # What was written of them is undone, and so are the locks that were taken meanwhile.
            for locked_one in self._locked:
                if locked_one in self.session:
                    self.session.expire(locked_one)
            del self._locked[held:]
            raise

    def tell(self, event: Event, *, resource: str, id_: uuid.UUID) -> None:
        """Tell an event about something that this service keeps no aggregate of, one at a time for each subject."""
        next_ = outbox.last_sequence(self.session, self.metadata, resource, id_) + 1
        told = outbox.Record(event=event, resource=resource, aggregate_id=id_, sequence=next_, call=self.call)
        self._told.append(told)

    def start_job(self, kind: str, data: dict[str, Any] | None = None) -> uuid.UUID:
        """Queue a background job in this transaction and return its id."""
        return jobs.enqueue(self.session, self.metadata, kind, data or {}, self.call)

    def schedule(self, kind: str, at: datetime, *, key: str, data: dict[str, Any] | None = None) -> None:
        """Have the timer ``kind`` fire at the instant ``at``; the same kind and key again moves it."""
        timers.schedule(self.session, self.metadata, kind, at, key=key, data=data or {})

    def cancel_timer(self, kind: str, key: str) -> None:
        """Forget a timer that has not fired yet."""
        timers.cancel(self.session, self.metadata, kind, key)

    def settle(self, record: Aggregate) -> None:
        """Have a record, before it tells of itself, name those that are left: its writing need not wait for that."""
        aliases.settle(self.session, self.metadata, [record])

    def collect(self) -> None:
        """Take what changed aggregates recorded; called before each flush."""
        changed = (*self.session.new, *self.session.dirty, *self.session.deleted)
        renamed = aliases.settle(self.session, self.metadata, changed)
        for aggregate in changed:
            if isinstance(aggregate, Aggregate):
                self._hear(aggregate, renamed)
        custom_fields.collect(self.session)
        history.collect(self.session)
        search.collect(self.session)
        self._bear()

    def _tally(self, event: Event) -> None:
        if self._tallied is None:
            self._tallied = []
            tallies.await_commit(self.session, self.metadata, self._tallied)
        self._tallied.append(event)

    def _hear(self, aggregate: Aggregate, renamed: aliases.Renamed) -> None:
        for sequence, event in aggregate.collect_events():
            self._told.append(outbox.Record.of(aggregate, sequence, aliases.told(event, renamed), self.call))
            if tallies.is_counted(event):
                self._tally(event)

    def _flush_now(self) -> None:
        """Write everything, so that what fails fails here."""
        run_at_end(self.session, [*self._collected(), *self._behind()])
        send(self.session)

    def _collected(self) -> list[tuple[Prepared, Values]]:
        """Let the session write; return the inserts of new aggregates that it left to us."""
        self._ending = True
        try:
            self.session.flush()
        finally:
            self._ending = False
        born, self._unwritten = self._unwritten, []
        return born

    def _behind(self) -> list[tuple[Prepared, Values]]:
        told = outbox.rows(self.session, self.metadata, self._told)
        behind = [*self._appended, *told]
        self._appended, self._told = [], []
        return behind

    def _bear(self) -> None:
        """Insert new records now, or with what ends this unit of work, as locked ones that changed are written then."""
        for record, insert, values in births.take(self.session):
            self._born.append(record)
            self._unwritten.append((insert, values))
        if self._ending:
            self._unwritten += locked.take(self.session, self._locked)
        alone = self._ending and not (self.session.new or self.session.dirty or self.session.deleted)
        if self._unwritten and not alone:
            (run_at_end if self._ending else run)(self.session, self._unwritten)
            self._unwritten = []


@functools.cache
def _getting(model: type[Model], scope: Scope, deleted: bool, lock: bool) -> "Finding | sa.Select[Any]":
    """Return the question for one record: kept, because to put it together costs more than to ask it."""
    asked = cast("type[Aggregate]", model).id == sa.bindparam("id", type_=sa.Uuid)
    query: sa.Select[Any] = sa.select(model).where(asked, *row_scope.conditions(model, scope, deleted=deleted))
    query = query.with_for_update() if lock else query
    return Finding(query, model) if is_plain(model) else query


@sqlalchemy_event.listens_for(Session, "before_flush")
def _collect(session: Session, *_: object) -> None:
    unit_of_work = session.info.get("unit_of_work")
    if unit_of_work is not None:
        unit_of_work.collect()
