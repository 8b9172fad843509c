"""The errand runner: claims what is due, does it beside the requests, writes what came of it."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import eventlet
import sqlalchemy as sa

from chassis.bus.wakeup import Wakeup
from chassis.clock import utc_now
from chassis.db.database import Database
from chassis.errands import Errand, TookTooLong, hurried
from chassis.ops import logs, metrics, tracing
from chassis.ops.system_work import SystemWork
from chassis.unit_of_work import UnitOfWork

LONGEST_SLEEP: Final = 5.0  # seconds; another process may have left something and died
INSIST: Final = 5  # times that an outcome is written before the lease has to bring the item back

log = logging.getLogger(__name__)


class ErrandRunner:
    """Runs one errand of one service, in a greenthread of each process."""

    def __init__(self, service: str, database: Database, metadata: sa.MetaData, errand: Errand[Any, Any]) -> None:
        self._service, self._errand = service, errand
        self._work = SystemWork(service, database, metadata, f"errand {errand.kind}")
        self._name = f"{service}.{errand.kind}"
        self._running: set[Any] = set()
        self._wakeup = Wakeup()
        self._next: datetime | None = None
        self._stopping = False
        hurried.listen(metadata, lambda _: self._wakeup.poke())

    def stop(self) -> None:
        """Begin nothing more; ``run`` ends when what runs is settled."""
        self._stopping = True
        self._wakeup.poke()

    def run(self) -> None:
        """Do what is due until ``stop``. A database that is away is tried again; nothing is raised."""
        pause = 0.1
        while not self._stopping:
            try:
                self.begin_due()
                pause = 0.1
                self._sleep()
            except Exception as error:  # noqa: BLE001 - the runner outlives its database
                log.warning("%s waits: %s", self._name, error)
                eventlet.sleep(pause)
                pause = min(pause * 2, LONGEST_SLEEP)
        for thread in list(self._running):
            thread.wait()
        self._wakeup.close()

    def begin_due(self) -> list[Any]:
        """Begin what is due, as far as slots are free, and return the greenthreads that do it."""
        free = self._errand.slots - len(self._running)
        if free <= 0:
            return []
        with self._work.reading() as uow:
            self._next = self._errand.next_due(uow)
        if self._next is None or self._next > utc_now():
            return []
        with self._work.writing() as uow:
            items = list(self._errand.claim(uow, free))
        began = [eventlet.spawn(self._carry_out, item) for item in items]
        for thread in began:
            self._running.add(thread)
            thread.link(self._ended)
        return began

    def _ended(self, thread: Any) -> None:
        self._running.discard(thread)
        self._wakeup.poke()

    def _carry_out(self, item: Any) -> None:
        with logs.about(self._service, self._errand.kind), tracing.span(self._name, None):
            outcome: Any
            try:
                with eventlet.Timeout(self._errand.seconds, TookTooLong(f"more than {self._errand.seconds:.0f} s")):
                    outcome = self._errand.do(item)
            except Exception as error:  # noqa: BLE001 - whatever went wrong is an outcome too
                outcome = error
            failed = isinstance(outcome, Exception)
            metrics.errands_done.labels(self._service, self._errand.kind, "failed" if failed else "ok").inc()
            self._insist(lambda uow: self._errand.settle(uow, item, outcome))

    def _insist(self, write: Callable[[UnitOfWork], None]) -> None:
        pause = 0.1
        for _ in range(INSIST):
            try:
                with self._work.writing() as uow:
                    write(uow)
                return  # noqa: TRY300 - written
            except Exception:
                log.exception("%s: the outcome is not written yet", self._name)
                eventlet.sleep(pause)
                pause *= 3

    def _sleep(self) -> None:
        if len(self._running) >= self._errand.slots:
            self._wakeup.wait(LONGEST_SLEEP)
            return
        left = LONGEST_SLEEP if self._next is None else (self._next - utc_now()).total_seconds()
        # What is overdue and was not taken is in the hands of another process.
        self._wakeup.wait(min(left, LONGEST_SLEEP) if left > 0 else 0.05)
