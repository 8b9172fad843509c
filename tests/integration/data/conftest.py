import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chassis.context import SYSTEM, Actor, Call, calling
from chassis.db.database import Database
from chassis.unit_of_work import UnitOfWork
from tests.integration.data.sample import Base

ANA = Actor(user_id=uuid.UUID(int=7), name="ana", permissions={"*:*": "all"})


@pytest.fixture
def database(database_url) -> Iterator[Database]:
    found = Database(database_url, Base.metadata, watch_yields=True)
    found.create_all()
    yield found
    found.dispose()


@pytest.fixture
def work(database):
    """Open a unit of work that commits at the end of its block."""

    @contextmanager
    def opened(**facts) -> Iterator[UnitOfWork]:
        call = Call(**{"actor": SYSTEM, "cause": "api", "correlation_id": "c-1", **facts})
        with calling(call), database.write() as session:
            unit = UnitOfWork(session, Base.metadata, call)
            yield unit
            unit.flush()

    return opened
