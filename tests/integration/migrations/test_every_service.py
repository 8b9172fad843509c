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


@pytest.mark.parametrize("service", SERVICES[:1])
def test_a_probe_knows_whether_the_schema_is_current(service, database_url):
    database = Database(database_url)
    assert not migrations.schema_is_current(database.engine, service)
    migrations.upgrade(service, database_url)
    assert migrations.schema_is_current(database.engine, service)
    database.dispose()
