import threading
import time

import pytest
import sqlalchemy as sa

from chassis.db.database import Database, normalised
from chassis.db.yield_watch import YieldedInTransactionError
from tests.integration.data.sample import Base, Person, person


def count(database) -> int:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Person))


def test_a_block_that_raises_leaves_nothing_and_tells_nobody(database):
    told = []
    database.on_commit(lambda: told.append(1))
    with pytest.raises(RuntimeError), database.write() as session:  # noqa: PT012 - the block is the point
        session.add(person())
        session.flush()
        raise RuntimeError
    assert count(database) == 0
    assert told == []


def test_a_commit_is_told_and_a_listener_that_fails_disturbs_nobody(database, caplog):
    told = []
    database.on_commit(lambda: 1 / 0)
    database.on_commit(lambda: told.append(count(database)))
    with database.write() as session:
        session.add(person())
    assert told == [1]
    assert "after a commit" in caplog.text


def test_writers_take_turns_and_none_fails(database):
    def write() -> None:
        for _ in range(5):
            with database.write() as session:
                session.add(person())

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database) == 30


def test_readers_see_the_last_commit_while_somebody_writes(database):
    with database.write() as session:
        session.add(person())
        session.flush()
        assert count(database) == 0
    assert count(database) == 1


def test_the_check_answers(database):
    database.check()


def test_a_bare_postgresql_url_means_the_driver_that_does_not_block():
    for given in ("postgresql://u:p@h/d", "postgres://u:p@h/d", "postgresql+psycopg2://u:p@h/d"):
        assert normalised(given).drivername == "postgresql+psycopg2"


def test_a_sqlite_write_that_lets_others_run_is_found(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/x.sqlite3", Base.metadata, watch_yields=True)
    with pytest.raises(YieldedInTransactionError, match=r"test_database\.py"), database.write():
        time.sleep(0.001)
    with database.write():
        pass


def test_a_sqlite_writer_waits_for_another_process_and_lets_others_run(tmp_path):
    path = tmp_path / "x.sqlite3"
    ours, theirs = (Database(f"sqlite:///{path}", Base.metadata) for _ in range(2))
    ours.create_all()
    held, order = threading.Event(), []

    def hold() -> None:
        with theirs.write() as session:
            session.add(person())
            session.flush()
            held.set()
            # Who waits without letting others run never sees the end of this.
            for _ in range(15):
                time.sleep(0.02)
            order.append("theirs")

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    with ours.write() as session:
        session.add(person())
        session.flush()
        order.append("ours")
    thread.join()
    assert order == ["theirs", "ours"]
    assert count(ours) == 2


@pytest.mark.postgres
def test_two_queries_overlap_on_postgresql(postgres):
    from psycogreen.eventlet import patch_psycopg

    patch_psycopg()
    database = Database(postgres.url)

    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND NOT granted")

    def come_to_the_gate() -> None:
        with database.read() as session:
            session.execute(sa.text("SET lock_timeout = '30s'"))
            session.execute(sa.text("SELECT pg_advisory_xact_lock_shared(77)"))

    threads = [threading.Thread(target=come_to_the_gate) for _ in range(5)]
    with database.read() as gate:
        gate.execute(sa.text("SELECT pg_advisory_lock(77)"))
        for thread in threads:
            thread.start()
        end = time.monotonic() + 60
        while gate.scalar(waiting) < 5:
            assert time.monotonic() < end, "one query waits for the other"
            time.sleep(0.02)
        gate.execute(sa.text("SELECT pg_advisory_unlock(77)"))
    for thread in threads:
        thread.join()
    database.dispose()


@pytest.mark.postgres
def test_a_restarted_server_is_met_again_without_an_error(tmp_path_factory):
    from tests.kit.postgres import start_postgres

    directory = tmp_path_factory.mktemp("restarted")
    server = start_postgres(directory)
    database = Database(server.url)
    try:
        for _ in range(3):
            database.check()
        server.stop()
        server.start()
        time.sleep(1.1)
        for _ in range(3):
            database.check()
    finally:
        database.dispose()
        server.stop()


@pytest.mark.postgres
def test_a_read_is_one_round_trip(postgres):
    database = Database(postgres.url)
    database.check()
    with database.read() as session:
        assert session.connection().connection.driver_connection.autocommit
        session.execute(sa.text("SELECT 1"))
        assert session.connection().connection.driver_connection.info.transaction_status == 0
    database.dispose()
