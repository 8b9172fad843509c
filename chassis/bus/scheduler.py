"""The scheduler: fires a service's timers when they are due, in whichever process takes them first."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import eventlet
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from chassis.bus import housekeeping
from chassis.bus.wakeup import Wakeup
from chassis.clock import utc_now
from chassis.context import SYSTEM, Call, calling
from chassis.db import tables
from chassis.db.database import Database
from chassis.ids import new_id
from chassis.ops import logs, metrics, tracing
from chassis.reactions import Permanent
from chassis.timers import EVERY, NEVER, Due, Timer, Timers, scheduled
from chassis.unit_of_work import UnitOfWork

BATCH: Final = 20
LONGEST_SLEEP: Final = 5.0  # seconds; another process may have scheduled something and died
DELAYS: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 300, 3600))
_ERROR_LENGTH: Final = 2000

log = logging.getLogger(__name__)


class Scheduler:
    """Fires one service's timers. Runs in a greenthread of each process.

    Rows are claimed with SKIP LOCKED (on SQLite by the one writer) and go with the work's own commit, so a timer
    fires once and a killed process leaves it due. Looking costs by what is due, not by what is scheduled. Everybody
    else locks a record before its timer; who has the timer therefore never waits for the record.
    """

    def __init__(self, service: str, database: Database, metadata: sa.MetaData, timers: Timers) -> None:
        self.service = service
        self._database, self._metadata = database, metadata
        self._timers = timers.and_those(Timers.declared_in(housekeeping))
        self._table = tables.timers(metadata)
        self._wakeup = Wakeup()
        self._next: datetime | None = None
        self._stopping = self._prepared = False
        scheduled.listen(metadata, self._on_schedule)

    def stop(self) -> None:
        """Finish what fires now, then end ``run``."""
        self._stopping = True
        self._wakeup.poke()

    def run(self) -> None:
        """Fire what is due until ``stop``. A database that is away is tried again; nothing is raised."""
        pause = 0.1
        while not self._stopping:
            try:
                if not self._prepared:
                    self._prepare()
                    self._prepared = True
                while self.fire_due() and not self._stopping:
                    eventlet.sleep(0)
                pause = 0.1
                self._sleep()
            except Exception as error:  # noqa: BLE001 - the scheduler outlives its database
                log.warning("%s: timers wait: %s", self.service, error)
                eventlet.sleep(pause)
                pause = min(pause * 2, LONGEST_SLEEP)
        self._wakeup.close()

    def fire_due(self) -> int:
        """Fire the timers that are due, oldest first, at most one batch; return how many were taken."""
        self._next = None  # whatever is scheduled while we look wakes us: we may have looked just before it
        with self._database.read() as session:
            self._next = session.scalar(sa.select(self._table.c.due_at).order_by(self._table.c.due_at).limit(1))
        if self._next is None or self._next > utc_now():
            return 0
        try:
            with self._database.write() as session:
                rows = self._claim(session, BATCH)
                for row in rows:
                    self._fire(session, row)
        except Exception:  # noqa: BLE001 - which one it was shows when they are fired one by one
            return self._fire_apart()
        return self._fired(rows)

    def _fire_apart(self) -> int:
        taken = 0
        while taken < BATCH and not self._stopping:
            rows: Sequence[sa.RowMapping] = []
            try:
                with self._database.write() as session:
                    rows = self._claim(session, 1)
                    for row in rows:
                        self._fire(session, row)
            except Exception as error:
                if not rows:
                    raise
                self._failed(rows[0], error)
            else:
                if not self._fired(rows):
                    break
            taken += 1
        return taken

    def _claim(self, session: Session, limit: int) -> Sequence[sa.RowMapping]:
        due = self._table.c.due_at
        query = sa.select(self._table).where(due <= utc_now()).order_by(due, self._table.c.id).limit(limit)
        rows = session.execute(query.with_for_update(skip_locked=True)).mappings().all()
        busy = self._busy(session, rows)
        return [row for row in rows if row["id"] not in busy]

    def _busy(self, session: Session, rows: Sequence[sa.RowMapping]) -> set[UUID]:
        """Lock the records that these timers are of; return the timers of those that somebody else has now."""
        busy: set[UUID] = set()
        for kind, timer in self._timers.once.items():
            mine = {_id(row["key"]): row["id"] for row in rows if row["kind"] == kind} if timer.of else {}
            mine.pop(None, None)
            if timer.of is not None and mine:
                ours = sa.select(timer.of.id).where(timer.of.id.in_(mine)).order_by(timer.of.id)
                held = set(session.scalars(ours.with_for_update(skip_locked=True)))
                # What is gone is nobody's: its timer says so when it fires.
                there = set(session.scalars(ours)) if len(held) < len(mine) else held
                busy |= {mine[record] for record in there - held}
        return busy

    def _fire(self, session: Session, row: sa.RowMapping) -> None:
        due = Due(kind=row["kind"], key=row["key"], due_at=row["due_at"], data=row["data"], attempts=row["attempts"])
        timer = self._timers.of(due)
        if timer is None and due.kind != EVERY:
            raise Permanent(f"no timer is declared for {due.kind}")
        # The row goes first: the work may schedule the same timer again.
        mine = self._table.c.id == row["id"]
        if timer is None or timer.interval is None:
            session.execute(sa.delete(self._table).where(mine))
        else:
            again = {"due_at": utc_now() + timer.interval, "attempts": 0, "last_error": None}
            session.execute(sa.update(self._table).where(mine).values(again))
        if timer is not None:
            self._work(session, timer, due)

    def _work(self, session: Session, timer: Timer, due: Due) -> None:
        name = f"{self.service}.{timer.kind}"
        with logs.about(self.service, timer.kind), tracing.span(name, None) as step:
            request = str(new_id())
            call = Call(
                actor=SYSTEM,
                request_id=request,
                correlation_id=request,
                traceparent=step.traceparent,
                method=name,
                cause=f"timer {timer.kind}",
            )
            with calling(call):
                work = UnitOfWork(session, self._metadata, call)
                timer.work(work, due)
                work.flush()

    def _fired(self, rows: Sequence[sa.RowMapping]) -> int:
        for row in rows:
            metrics.timers_fired.labels(self.service, _name(row)).inc()
        return len(rows)

    def _failed(self, row: sa.RowMapping, error: Exception) -> None:
        """Have it fire again after a growing delay; after the last one leave it with its error, unless it recurs."""
        attempts = row["attempts"] + 1
        timer = self._timers.recurring.get(row["key"]) if row["kind"] == EVERY else None
        interval = timer.interval if timer else None
        given_up = interval is None and (attempts > len(DELAYS) or isinstance(error, Permanent))
        delay = DELAYS[min(attempts, len(DELAYS)) - 1]
        log.log(
            logging.ERROR if given_up else logging.WARNING,
            "%s: timer %s %s failed, attempt %d%s",
            self.service,
            row["kind"],
            row["key"],
            attempts,
            ": it is left with its error" if given_up else "",
            exc_info=error,
        )
        values: dict[str, Any] = {
            "attempts": attempts,
            "last_error": f"{type(error).__name__}: {error}"[:_ERROR_LENGTH],
            "due_at": NEVER if given_up else utc_now() + (min(delay, interval) if interval else delay),
        }
        # Only as it was: meanwhile it may have been moved, or have fired elsewhere. A due instant that was set by hand
        # may be written in fewer digits than ours.
        same = sa.and_(
            self._table.c.id == row["id"],
            self._table.c.due_at <= row["due_at"],
            self._table.c.attempts == row["attempts"],
        )
        with self._database.write() as session:
            session.execute(sa.update(self._table).where(same).values(values))
        metrics.timers_failed.labels(self.service, _name(row), "given up" if given_up else "tried again").inc()

    def _prepare(self) -> None:
        """Have each recurring timer in the table, due now or within its interval."""
        dialect = sqlite if self._database.dialect == "sqlite" else postgresql
        now = utc_now()
        with self._database.write() as session:
            for name, timer in self._timers.recurring.items():
                assert timer.interval is not None
                row = {"id": new_id(), "kind": EVERY, "key": name, "due_at": now, "data": {}, "created_at": now}
                session.execute(dialect.insert(self._table).values(row).on_conflict_do_nothing())
                mine = sa.and_(self._table.c.kind == EVERY, self._table.c.key == name)
                latest = now + timer.interval
                session.execute(sa.update(self._table).where(mine, self._table.c.due_at > latest).values(due_at=latest))

    def _on_schedule(self, at: datetime) -> None:
        if self._next is None or at < self._next:
            self._wakeup.poke()

    def _sleep(self) -> None:
        left = LONGEST_SLEEP if self._next is None else (self._next - utc_now()).total_seconds()
        # What is overdue and was not taken, or what it is of, is in somebody's hands.
        self._wakeup.wait(min(left, LONGEST_SLEEP) if left > 0 else 0.2)


def _id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _name(row: sa.RowMapping) -> str:
    return str(row["key"] if row["kind"] == EVERY else row["kind"])
