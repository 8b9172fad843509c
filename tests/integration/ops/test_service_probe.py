"""What /readyz and /metrics see in a service's database, from outside its pool."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from chassis.clock import utc_now
from chassis.db import tables
from chassis.db.database import Database
from chassis.ids import new_id
from chassis.ops.discovery import Service
from chassis.ops.query_times import measure
from chassis.ops.service_probe import ServiceProbe


@pytest.fixture
def metadata():
    metadata = sa.MetaData()
    tables.attach(metadata)
    return metadata


@pytest.fixture
def migrations(tmp_path):
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "versions" / "0001.py").write_text('revision = "0001"\ndown_revision = None\n')
    return folder


@pytest.fixture
def database(database_url, metadata):
    database = Database(database_url, metadata)
    metadata.create_all(database.engine)
    with database.write() as session:
        session.execute(sa.text("create table alembic_version (version_num varchar(32))"))
        session.execute(sa.text("insert into alembic_version values ('0001')"))
    yield database
    database.dispose()


@pytest.fixture
def probe(database, metadata, migrations):
    return ServiceProbe(Service("probed", object, metadata, None, migrations), database.url, 60)


def gauge(name):
    return REGISTRY.get_sample_value(name, {"service": "probed"})


def told(database, metadata, *, age):
    with database.write() as session:
        session.execute(
            sa.insert(tables.outbox(metadata)).values(
                event_id=new_id(),
                resource="people",
                aggregate_id=new_id(),
                sequence=1,
                type="crm.test.told.v1",
                data="{}",
                headers="{}",
                occurred_at=utc_now() - timedelta(seconds=age),
            )
        )


def test_all_is_well_with_an_empty_outbox_at_the_newest_migration(probe):
    assert probe.look() == {"probed.database": None, "probed.schema": None, "probed.outbox": None}
    assert gauge("trato_outbox_depth") == 0
    assert gauge("trato_outbox_age_seconds") == 0


def test_a_young_outbox_is_counted_and_no_reason(probe, database, metadata):
    for age in (5, 3, 1):
        told(database, metadata, age=age)
    assert probe.look()["probed.outbox"] is None
    assert gauge("trato_outbox_depth") == 3
    assert 4 < gauge("trato_outbox_age_seconds") < 300


def test_an_old_outbox_is_a_reason(probe, database, metadata, noon):
    told(database, metadata, age=100)
    assert "the oldest of 1 unpublished events is 100 s old, over 60 s" in probe.look()["probed.outbox"]


def test_a_schema_behind_the_code_is_a_reason(probe, database, migrations):
    (migrations / "versions" / "0002.py").write_text('revision = "0002"\ndown_revision = "0001"\n')
    from chassis.ops import schema_head

    schema_head.heads.cache_clear()
    assert probe.look()["probed.schema"] == "the schema is at 0001, the code wants 0002: run the migrations"
    schema_head.heads.cache_clear()


def test_a_database_without_tables_is_behind(metadata, migrations, tmp_path):
    url = sa.make_url(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    probe = ServiceProbe(Service("probed", object, metadata, None, migrations), url, 60)
    assert probe.look()["probed.schema"] == "the schema is at nothing, the code wants 0001: run the migrations"


def test_a_database_that_is_away_is_a_reason_and_tells_no_password(metadata, migrations):
    url = sa.make_url("postgresql+psycopg2://trato:hunter2@127.0.0.1:9/trato")
    probe = ServiceProbe(Service("probed", object, metadata, None, migrations), url, 60)
    (reason,) = probe.look().values()
    assert reason == "the database does not answer: OperationalError"


def test_a_file_that_is_no_database_is_a_reason(metadata, migrations, tmp_path):
    file = Path(tmp_path / "broken.sqlite3")
    file.write_bytes(b"not a database at all, for sure" * 100)
    probe = ServiceProbe(Service("probed", object, metadata, None, migrations), sa.make_url(f"sqlite:///{file}"), 60)
    assert any(why for why in probe.look().values())


def test_overdue_timers_are_counted(probe, database, metadata):
    with database.write() as session:
        for key, age in (("a", 60), ("b", 10), ("c", -60)):
            session.execute(
                sa.insert(tables.timers(metadata)).values(
                    id=new_id(),
                    kind="reminder",
                    key=key,
                    due_at=utc_now() - timedelta(seconds=age),
                    data={},
                    created_at=utc_now(),
                )
            )
    probe.look()
    assert gauge("trato_timers_late") == 2
    assert 59 < gauge("trato_timers_late_seconds") < 600


def test_each_statement_is_measured_and_the_pool_is_shown(database):
    measure(database.engine, "probed")
    before = gauge("trato_db_query_seconds_count") or 0
    with database.read() as session:
        session.execute(sa.text("select 1"))
        assert gauge("trato_db_pool_in_use") == 1
    assert gauge("trato_db_query_seconds_count") == before + 1
    assert gauge("trato_db_pool_in_use") == 0
    assert gauge("trato_db_pool_size") == 8
