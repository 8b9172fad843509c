"""Drafting a migration from the models, and what two replicas do that start together."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import sqlalchemy as sa

import services
from chassis.db import migrations
from chassis.db.database import Database, normalised

BASE = '''
"""The base of this service's tables."""

from chassis import model


class Model(model.Model):
    __abstract__ = True
    metadata = model.new_metadata()
'''

THING = '''
"""A thing with a column of each kind that the two databases keep differently."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from chassis.fields import Flag, Id, Instant, Name, Percentage, ShortText, money, values
from chassis.model import Aggregate, CustomFields, Mapped, Owned, SoftDeleted, column
from chassis.money import Money
from services.{name}.domain.base import Model


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Note:
    text: ShortText


class Thing(Owned, SoftDeleted, CustomFields, Aggregate, Model):
    """A thing."""

    __tablename__ = "things"
    resource: ClassVar[str] = "things"
    search_fields: ClassVar = ("name",)

    name: Mapped[Name]
    colour: Mapped[Colour] = column(default=Colour.RED)
    at: Mapped[Instant | None]
    share: Mapped[Percentage | None]
    value: Mapped[Money | None] = money("value")
    notes: Mapped[list[Note]] = values(Note)
    done: Mapped[Flag] = column(default=False)
'''


@pytest.fixture
def service(tmp_path, monkeypatch, request):
    """A service that exists for one test."""
    name = f"drafted_{abs(hash(request.node.name)) % 10_000_000}"
    domain = tmp_path / name / "domain"
    domain.mkdir(parents=True)
    (tmp_path / name / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / name / "__init__.py").write_text("")
    (domain / "__init__.py").write_text("")
    (domain / "base.py").write_text(BASE)
    (domain / "thing.py").write_text(THING.replace("{name}", name))
    monkeypatch.setattr(services, "__path__", [*services.__path__, str(tmp_path)])
    return name


def test_a_draft_serves_both_databases_and_leaves_nothing_to_write(service, database_url):
    assert migrations.head(service) is None
    path = migrations.revise(service, "things")
    assert path is not None
    assert path.name == "0001_things.py"
    text = path.read_text()
    assert 'search_index.create_index(op, "things")' in text
    assert "ExactDecimal(18, 4)" in text
    assert migrations.check(service) == []
    assert migrations.revise(service, "again") is None
    migrations.upgrade(service, database_url)
    assert migrations.differences(service, database_url) == []
    migrations.downgrade(service, database_url)
    assert migrations.current(service, database_url) is None


def test_a_new_column_is_noticed_and_old_rows_survive_it(service, tmp_path, database_url):
    migrations.revise(service, "things")
    migrations.upgrade(service, database_url)
    engine = sa.create_engine(normalised(database_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        metadata = migrations.metadata_of(service)
        row = {
            "id": __import__("uuid").uuid4(),
            "name": "old",
            "colour": "red",
            "notes": [],
            "done": False,
            "custom": {},
        }
        connection.execute(sa.insert(metadata.tables["things"]), {**row, "search_text": "old"})
        sa.Table("things", metadata, sa.Column("extra", sa.String(10)), extend_existing=True)
    assert len(migrations.check(service)) == 1
    path = migrations.revise(service, "a thing has an extra")
    assert path is not None
    assert path.name == "0002_a_thing_has_an_extra.py"
    migrations.upgrade(service, database_url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT name, extra FROM things")).all() == [("old", None)]
    engine.dispose()


def test_a_draft_is_numbered_behind_the_newest_also_where_a_number_is_left_out(service, tmp_path, database_url):
    first = migrations.revise(service, "things")
    later = first.rename(first.with_name("0007_things.py"))
    later.write_text(later.read_text().replace('revision = "0001"', 'revision = "0007"'))
    sa.Table("things", migrations.metadata_of(service), sa.Column("extra", sa.String(10)), extend_existing=True)

    path = migrations.revise(service, "a thing has an extra")

    assert path.name == "0008_a_thing_has_an_extra.py"
    migrations.upgrade(service, database_url)
    assert migrations.current(service, database_url) == "0008"


def test_a_script_that_fails_leaves_the_schema_as_it_was(service, database_url):
    path = migrations.revise(service, "things")
    assert path is not None
    path.write_text(
        path.read_text().replace("def downgrade", '    op.execute("SELECT nonsense FROM nowhere")\n\n\ndef downgrade')
    )
    with pytest.raises(sa.exc.DBAPIError):
        migrations.upgrade(service, database_url)
    assert migrations.current(service, database_url) is None
    engine = sa.create_engine(normalised(database_url), poolclass=sa.NullPool)
    assert not sa.inspect(engine).has_table("things")
    engine.dispose()


def test_replicas_that_start_together_migrate_once(service, tmp_path, database_url):
    migrations.revise(service, "things")
    code = textwrap.dedent(f"""
        import services
        services.__path__.append({str(tmp_path)!r})
        from chassis.db import migrations
        migrations.upgrade({service!r}, {database_url!r})
    """)
    replicas = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", code], cwd=Path.cwd(), stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert [(replica.wait(120), replica.stderr.read()) for replica in replicas] == [(0, "")] * 3
    assert migrations.current(service, database_url) == "0001"


@pytest.mark.postgres
def test_without_the_right_to_make_extensions_search_works_and_the_log_says_what_is_missing(service, postgres, caplog):
    postgres.run_sql("DO $$ BEGIN CREATE ROLE plain LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    url = postgres.new_database()
    name = url.rsplit("/", 1)[1]
    postgres.run_sql(f'ALTER DATABASE "{name}" OWNER TO plain')
    plain = url.replace("postgres@", "plain@")
    # pg_trgm is trusted: an owner may make it. Taking CREATE on the database away is what a strict installation does.
    postgres.run_sql(f'ALTER DATABASE "{name}" OWNER TO postgres')
    postgres.run_sql("GRANT ALL ON SCHEMA public TO plain", name)
    migrations.revise(service, "things")
    migrations.upgrade(service, plain)
    assert "pg_trgm" in caplog.text
    database = Database(plain)
    with database.read() as session:
        assert not session.scalar(sa.text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"))
    database.dispose()
    postgres.drop_database(url)
