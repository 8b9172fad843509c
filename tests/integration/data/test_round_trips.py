"""On PostgreSQL what needs no answer rides along with what does, and nothing is lost or done twice by that."""

import pytest
import sqlalchemy as sa
from psycopg2 import extensions

from chassis.db.database import Database
from chassis.db.prepared import Prepared, run_at_end
from tests.integration.data.sample import Base, Person, person

TABLE = Person.__table__
INSERT = Prepared(sa.insert(TABLE), TABLE.c.keys())


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
