"""Runs one service's background jobs: claims, keeps leases, hands work back when the process ends."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis.db.database import Database
from chassis.db.job_queue import ATTEMPTS, LEASE, Claim, JobQueue, retry_after
from chassis.errors import DomainError
from chassis.jobs import JobCancelled, JobFunction, JobPostponed, JSONObject, State, queued
from chassis.ops import logs, metrics
from chassis.ops.job_run import JobInterrupted, LeaseLost, Run

T = TypeVar("T")
log = logging.getLogger(__name__)
POLL: Final = 2.0
_FAILED: Final = {
    "en": "The work failed {n} times and was given up; the operators know why.",
    "es": "El trabajo falló {n} veces y se abandonó; quienes operan el sistema saben por qué.",
}


class JobRunner:
    """Up to ``slots`` jobs at once in this process, next to its requests."""

    def __init__(
        self,
        service: str,
        database: Database,
        metadata: sa.MetaData,
        functions: Mapping[str, JobFunction],
        *,
        slots: int = 2,
    ) -> None:
        self._service = service
        self._database = database
        self._metadata = metadata
        self._functions = functions
        self._queue = JobQueue(metadata, functions)
        self._slots = threading.Semaphore(slots)
        self._running: dict[str, Run] = {}  # by the owner of the lease
        self._wake = threading.Event()
        self._stopping = False
        self._taking: threading.Thread | None = None

    def start(self) -> None:
        """Begin to take jobs; without any kind to do this starts nothing."""
        if not self._functions:
            return
        queued.listen(self._metadata, self.wake)
        self._taking = self._thread(self._take_forever)
        self._thread(self._keep_leases)

    def wake(self, *_: object) -> None:
        """Look for jobs now; called after each commit that queued one."""
        self._wake.set()

    def stop(self, grace: float = 20.0) -> None:
        """Take no more; interrupt what runs at its next ``progress``; wait ``grace`` seconds for it.

        What does not end in time loses its lease after half a minute, and another process goes on.
        """
        self._stopping = True
        self._wake.set()
        for run in list(self._running.values()):
            run.stopping = True
        end = time.monotonic() + grace
        # Who is just claiming one hands it back too: nothing is left to a lease that nobody keeps.
        while (self._running or (self._taking and self._taking.is_alive())) and time.monotonic() < end:
            time.sleep(0.05)

    def _thread(self, work: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=work, name=f"{self._service}-jobs", daemon=True)
        thread.start()
        return thread

    def _take_forever(self) -> None:
        if self._database.dialect == "sqlite":
            # One process per file: whatever the file says is running died with the process before.
            self._safely(self._abandon_all)
        while not self._stopping:
            self._slots.acquire()
            claim = None if self._stopping else self._safely(self._claim)
            if claim is None:
                self._slots.release()
                self._wake.wait(POLL)
                self._wake.clear()
                continue
            run = Run(self._database, self._metadata, self._queue, claim)
            run.stopping = self._stopping
            self._running[claim.owner] = run
            threading.Thread(target=self._do, args=(run,), name=f"job-{claim.kind}", daemon=True).start()

    def _keep_leases(self) -> None:
        pause = LEASE.total_seconds() / 3
        slept = 0.0
        while not self._stopping or self._running:
            time.sleep(1.0)
            slept += 1.0
            if slept >= pause and self._running:
                slept = 0.0
                self._safely(self._renew)

    def _abandon_all(self) -> None:
        with self._database.write() as session:
            self._queue.abandon_all(session)

    def _claim(self) -> Claim | None:
        with self._database.read() as session:
            if not self._queue.waiting(session):
                return None
        with self._database.write() as session:
            return self._queue.claim(session)

    def _renew(self) -> None:
        owners = set(self._running)
        with self._database.write() as session:
            kept = self._queue.keep(session, owners)
        for owner in owners - kept:
            if run := self._running.get(owner):
                run.lost = True

    def _do(self, run: Run) -> None:
        try:
            with logs.about(self._service, run.call.method):
                with metrics.running(metrics.jobs_running, self._service):
                    state = self._attempt(run)
                log.info("job %s is %s", run.id, state)
                metrics.jobs_finished.labels(self._service, run.kind, state).inc()
        finally:
            self._running.pop(run.claim.owner, None)
            self._slots.release()
            self._wake.set()

    def _attempt(self, run: Run) -> str:
        try:
            result = self._functions[run.kind](run)
            run.write_last_progress()
        except JobCancelled:
            return self._finish(run, "cancelled")
        except JobInterrupted:
            self._insist(lambda session: self._queue.give_back(session, run.claim, delay=None, failed=False))
            return "interrupted"
        except JobPostponed as wait:
            delay = wait.delay
            self._insist(lambda session: self._queue.give_back(session, run.claim, delay=delay, failed=False))
            return "postponed"
        except LeaseLost:
            return "lost"
        except DomainError as refusal:
            return self._finish(run, "failed", error=refusal.sentence(run.call.locale))
        except Exception:
            log.exception("job %s failed", run.id)
            return self._insist(lambda session: self._retry(session, run.claim))
        return self._finish(run, "done", result=result)

    def _finish(self, run: Run, state: State, *, result: JSONObject | None = None, error: str | None = None) -> str:
        def write(session: Session) -> bool:
            return self._queue.finish(session, run.claim, state, result=result, error=error)

        return state if self._insist(write) else "lost"

    def _retry(self, session: Session, claim: Claim) -> str:
        attempts = self._queue.attempts(session, claim)
        if attempts < ATTEMPTS:
            delay = retry_after(attempts)
            self._queue.give_back(session, claim, delay=delay, failed=True)
            return "retried"
        language = "en" if claim.call.get("locale") == "en" else "es"
        self._queue.finish(session, claim, "failed", error=_FAILED[language].format(n=attempts))
        return "failed"

    def _insist(self, work: Callable[[Session], T]) -> T:
        """Write how an attempt ended, however long the database is away; the lease is kept meanwhile."""
        while True:
            try:
                with self._database.write() as session:
                    return work(session)
            except (DBAPIError, OSError) as error:
                log.warning("the end of a job cannot be written yet: %r", error)
                time.sleep(POLL)

    def _safely(self, work: Callable[[], T]) -> T | None:
        """Do what the next round repeats anyway; a database that is away must not end the loop."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - whatever it was, the next round tries again
            log.warning("jobs have to wait: %r", error)
            return None
