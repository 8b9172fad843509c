"""Units of work that nobody asked for: of errands, and of what runs beside requests."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.beside import Beside
from chassis.context import SYSTEM, Call, calling
from chassis.db.database import Database
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork


class SystemWork:
    """Opens units of work for the system, each with a request id of its own; ``cause`` says why, in the logs."""

    def __init__(self, service: str, database: Database, metadata: sa.MetaData, cause: str) -> None:
        self._method, self._cause = f"{service}.{cause}", cause
        self._database, self._metadata = database, metadata

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """Open a unit of work that commits when the block ends well."""
        with self._database.write() as session, self._of(session) as uow:
            yield uow
            uow.flush()

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Open a unit of work for questions only."""
        with self._database.read() as session, self._of(session) as uow:
            yield uow

    @contextmanager
    def _of(self, session: Session) -> Iterator[UnitOfWork]:
        request = str(new_id())
        call = Call(actor=SYSTEM, request_id=request, correlation_id=request, method=self._method, cause=self._cause)
        with calling(call):
            yield UnitOfWork(session, self._metadata, call)


class BesideLoop:
    """Runs a part of a service as the assembly runs its own parts."""

    def __init__(self, service: str, database: Database, metadata: sa.MetaData, part: Beside) -> None:
        self._part = part
        self._work = SystemWork(service, database, metadata, type(part).__name__)

    def run(self) -> None:
        """Work until ``stop``."""
        self._part.run(self._work)

    def stop(self) -> None:
        """Let ``run`` finish what is in hand and return."""
        self._part.stop()
