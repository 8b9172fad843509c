"""On PostgreSQL what needs no answer rides along with what does, and nothing is lost or done twice by that."""

import uuid
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from psycopg2 import extensions
from sqlalchemy.dialects import postgresql

from chassis.clock import utc_now
from chassis.context import SYSTEM, Call
from chassis.db import tables
from chassis.db.database import Database
from chassis.db.prepared import Prepared, run, run_at_end
from chassis.events import Event
from chassis.unit_of_work import UnitOfWork
from tests.integration.data.sample import Base, Person, person

TABLE = Person.__table__
INSERT = Prepared(sa.insert(TABLE), TABLE.c.keys())


@dataclass(frozen=True, kw_only=True)
class PersonRenamed(Event, source="samples"):
    """Somebody has another name."""

    person_id: uuid.UUID


@pytest.fixture
def database(postgres):
    url = postgres.new_database()
    made = Database(url, Base.metadata)
    made.create_all()
    yield made
    made.dispose()
    postgres.drop_database(url)


def count(database) -> int:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Person))


def driver(session):
    return session.connection().connection.driver_connection


def row(**values):
    given = vars(person(**values))
    return {column.key: given.get(column.key, "" if column.key == "search_text" else None) for column in TABLE.c}


def test_a_transaction_begins_with_its_first_statement(database):
    with database.write() as session:
        session.begin_nested()
        assert driver(session).get_transaction_status() == extensions.TRANSACTION_STATUS_IDLE
        session.execute(sa.text("SELECT 1"))
        assert driver(session).get_transaction_status() == extensions.TRANSACTION_STATUS_INTRANS


def test_what_is_put_off_is_seen_by_the_next_statement_and_kept_by_the_commit(database):
    with database.write() as session:
        run_at_end(session, [(INSERT, row())])
        assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1
        run_at_end(session, [(INSERT, row())])
    assert count(database) == 2


def test_what_a_prepared_statement_returns_is_read_as_any_other_answer(database):
    again = postgresql.insert(TABLE).on_conflict_do_update(index_elements=["id"], set_={"version": TABLE.c.version + 1})
    counting = Prepared(again.returning(TABLE.c.version, TABLE.c.id), TABLE.c.keys())
    values = row()
    with database.write() as session:
        found = [run(session, [(counting, values)]) for _ in range(2)]
    assert [list(map(tuple, rows)) for rows in found] == [[(1, values["id"])], [(2, values["id"])]]


def test_a_record_that_is_locked_is_written_behind_with_what_it_told(database):
    mine = TABLE.c.id == sa.bindparam("row_id", type_=TABLE.c.id.type)
    rename = Prepared(sa.update(TABLE).where(mine), ["first_name", "updated_at"])
    with database.write() as session:
        work = UnitOfWork(session, Base.metadata, Call(actor=SYSTEM, request_id="r"))
        known = work.add(person(first_name="Ana"))
        work.flush()
        known.first_name = "never written: the session forgets it"
        known.record(PersonRenamed(person_id=known.id))
        work.write_behind(known, rename, {"row_id": known.id, "first_name": "Marta", "updated_at": utc_now()})
        work.flush(at_end=True)
    with database.read() as session:
        assert session.scalar(sa.select(TABLE.c.first_name)) == "Marta"
        assert session.scalar(sa.select(tables.outbox(Base.metadata).c.sequence)) == 1


def test_what_is_put_off_is_undone_with_the_rest(database):
    with pytest.raises(RuntimeError), database.write() as session:  # noqa: PT012 - the block is the point
        run_at_end(session, [(INSERT, row())])
        raise RuntimeError
    assert count(database) == 0


def test_a_commit_raises_what_was_put_off_and_keeps_nothing(database):
    told = []
    database.on_commit(lambda: told.append(1))
    twice = row()
    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        run_at_end(session, [(INSERT, row()), (INSERT, twice), (INSERT, twice)])
    assert (count(database), told) == (0, [])
    with database.write() as session:
        run_at_end(session, [(INSERT, twice)])
    assert count(database) == 1


def test_after_a_message_that_could_not_be_read_nothing_is_committed(database):
    with pytest.raises(sa.exc.DBAPIError), database.write() as session:  # noqa: PT012 - the block is the point
        run_at_end(session, [(INSERT, row())])
        with pytest.raises(sa.exc.ProgrammingError):
            session.execute(sa.text("SELEKT 1"))
    assert count(database) == 0
    with database.write() as session:
        session.add(person())
    assert count(database) == 1


def test_a_savepoint_undoes_what_came_behind_it_whether_or_not_it_was_sent(database):
    with database.write() as session:
        for wanted in (True, False, True):
            with_savepoint = session.begin_nested()
            session.add(person())
            if not wanted:
                session.flush()
            with_savepoint.commit() if wanted else with_savepoint.rollback()
        session.begin_nested().rollback()
    assert count(database) == 2
