"""One attempt at a background job: what its function is given."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from chassis.clock import epoch_seconds
from chassis.context import calling
from chassis.db.database import Database
from chassis.db.job_queue import Claim, JobQueue
from chassis.jobs import JobCancelled, JSONObject, call_of
from chassis.unit_of_work import UnitOfWork

_WRITE_EVERY: Final = 0.5


class JobInterrupted(BaseException):
    """The process is ending: another one goes on from the last checkpoint."""


class LeaseLost(BaseException):
    """Another process took the job over; this attempt must not write any more."""


class Run:
    """The ``JobRun`` of ``chassis.jobs``, tied to a database and a lease."""

    def __init__(self, database: Database, metadata: sa.MetaData, queue: JobQueue, claim: Claim) -> None:
        self.id = claim.id
        self.kind = claim.kind
        self.data = claim.data
        self.saved = claim.saved
        self.call = call_of(claim.kind, claim.call)
        self.claim = claim
        self.stopping = False
        self.lost = False
        self._database = database
        self._metadata = metadata
        self._queue = queue
        self._cancelled = False
        self._done, self._total = claim.progress_done, claim.progress_total
        self._pending: JSONObject | None = None
        self._inside = False
        self._written_at = 0.0

    @contextmanager
    def transaction(self, permission: str | None = None) -> Iterator[UnitOfWork]:
        """Open a unit of work that commits at the end of the block, if this attempt still owns the job."""
        with self._database.write() as session:
            unit = UnitOfWork(session, self._metadata, self.call, permission)
            self._inside = True
            try:
                with calling(self.call):
                    yield unit
                    unit.flush()
                # Last and in the same transaction: a process that lost the job commits nothing.
                self._note(self._queue.save(session, self.claim, self._done, self._total, self._pending))
            finally:
                self._inside, saved, self._pending = False, self._pending, None
        self.saved = saved or self.saved

    @contextmanager
    def reading(self, permission: str | None = None) -> Iterator[UnitOfWork]:
        """Open a unit of work for questions only."""
        with self._database.read() as session, calling(self.call):
            yield UnitOfWork(session, self._metadata, self.call, permission)

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far it is and let others run. Raises ``JobCancelled`` once somebody cancels."""
        self._done, self._total = done, self._total if total is None else total
        if not self._inside:
            if epoch_seconds() - self._written_at >= _WRITE_EVERY:
                self._write(None)
            # Long work shares one thread with every request of this process.
            time.sleep(0)
        self.go_on()
        if self._cancelled:
            raise JobCancelled

    def cancelled(self) -> bool:
        """Whether somebody asked to cancel, for work that wants to end in its own way."""
        if not self._inside and not self._cancelled:
            self._write(None)
        return self._cancelled

    def checkpoint(self, data: JSONObject) -> None:
        """Remember where to go on after a crash; inside ``transaction`` it commits with it."""
        if self._inside:
            self._pending = data
        else:
            self._write(data)
            self.saved = data
            self.go_on()

    def go_on(self) -> None:
        """Raise ``JobInterrupted`` or ``LeaseLost`` where this attempt has to end."""
        if self.lost:
            raise LeaseLost
        if self.stopping and not self._inside:
            raise JobInterrupted

    def write_last_progress(self) -> None:
        """Write the progress that was told since the last time it was written."""
        self._write(None)

    def _write(self, checkpoint: JSONObject | None) -> None:
        with self._database.write() as session:
            self._note(self._queue.save(session, self.claim, self._done, self._total, checkpoint))
        self._written_at = epoch_seconds()

    def _note(self, cancel_requested: bool | None) -> None:
        if cancel_requested is None:
            self.lost = True
            raise LeaseLost
        self._cancelled = cancel_requested
