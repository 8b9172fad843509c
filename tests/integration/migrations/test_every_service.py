"""The migrations of every service, on both databases: up, down, up again, and nothing left to write."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis.db import migrations
from chassis.db.database import Database, normalised

SERVICES = sorted(path.parent.name for path in Path("services").glob("*/service.py"))


def tables(url: str) -> set[str]:
    engine = sa.create_engine(normalised(url), poolclass=sa.NullPool)
    found = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_up_says_what_the_models_say_down_leaves_nothing_and_up_works_again(service, database_url):
    assert migrations.current(service, database_url) is None
    migrations.upgrade(service, database_url)
    assert migrations.current(service, database_url) == migrations.head(service)
    assert migrations.differences(service, database_url) == []
    migrations.downgrade(service, database_url)
    assert tables(database_url) - {"sqlite_sequence"} == {"alembic_version"}
    migrations.upgrade(service, database_url)
    assert migrations.differences(service, database_url) == []


@pytest.mark.parametrize("service", SERVICES)
def test_each_step_back_and_forth_works(service, database_url):
    migrations.upgrade(service, database_url)
    for revision in reversed(migrations.revisions(service)):
        assert migrations.current(service, database_url) == revision
        migrations.downgrade(service, database_url, "-1")
    for revision in migrations.revisions(service):
        migrations.upgrade(service, database_url, "+1")
        assert migrations.current(service, database_url) == revision


@pytest.mark.parametrize(
    ("service", "before", "setting", "kept"),
    [
        ("sales", "0006", ("organisation.currency", "USD"), '"USD"'),
        ("sales", "0006", ("forecast.snapshot_days", "30"), "30"),
        ("cases", "0009", ("mail.reopenings_per_hour", 5), "5"),
        ("notifications", "0014", ("mail.same_subject_days", 7), "7"),
    ],
)
def test_settings_that_a_service_knew_are_kept(service, database_url, before, setting, kept):
    migrations.upgrade(service, database_url, before)
    engine = sa.create_engine(normalised(database_url), poolclass=sa.NullPool)
    key, value = setting
    table = sa.table("known_parameters", sa.column("key"), sa.column("value"))
    with engine.begin() as connection:
        connection.execute(sa.insert(table).values(key=key, value=value))
    for step, held in (("+1", kept), ("-1", value), ("+1", kept)):
        (migrations.upgrade if step == "+1" else migrations.downgrade)(service, database_url, step)
        with engine.connect() as connection:
            assert connection.execute(sa.select(table.c.key, table.c.value)).all() == [(key, held)]


@pytest.mark.parametrize("service", SERVICES[:1])
def test_a_probe_knows_whether_the_schema_is_current(service, database_url):
    database = Database(database_url)
    assert not migrations.schema_is_current(database.engine, service)
    migrations.upgrade(service, database_url)
    assert migrations.schema_is_current(database.engine, service)
    database.dispose()
