"""Migrations: one history of scripts per service, the same scripts for SQLite and PostgreSQL."""

import functools
import importlib
import importlib.util
import io
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import sqlalchemy as sa
from alembic import command, context
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from chassis.db import migration_rendering
from chassis.db.database import normalised
from chassis.db.search_index import is_search_object

SCRIPTS: Final = Path(__file__).parent / "alembic"
WAIT_SECONDS: Final = 60.0


def upgrade(service: str, url: str, revision: str = "head") -> None:
    """Bring a service's database to ``revision``. Of replicas that start together one migrates, the others wait."""
    with _migrating(url, service) as connection:
        command.upgrade(_config(service, connection), revision)


def downgrade(service: str, url: str, revision: str = "base") -> None:
    """Take a service's database back to ``revision``; ``-1`` is one step."""
    with _migrating(url, service) as connection:
        command.downgrade(_config(service, connection), revision)


def current(service: str, url: str) -> str | None:  # noqa: ARG001 - asked like its siblings
    """Return the revision that a service's database stands at, None for an empty one."""
    with _connected(url) as connection:
        return _current(connection)


def head(service: str) -> str | None:
    """Return the newest revision among a service's scripts, None where there is none yet."""
    return ScriptDirectory.from_config(_config(service)).get_current_head()


def revisions(service: str) -> list[str]:
    """Return all revisions of a service, oldest first."""
    walked = ScriptDirectory.from_config(_config(service)).walk_revisions()
    return [script.revision for script in walked][::-1]


def differences(service: str, url: str) -> list[Any]:
    """Return what the models say and the database does not; empty where every change has its migration."""
    with _connected(url) as connection:
        options = _options(service)
        migration = MigrationContext.configure(connection, opts=options)
        metadata: sa.MetaData = options["target_metadata"]
        return [*compare_metadata(migration, metadata), *_other_keys(connection, metadata)]


def _other_keys(connection: sa.Connection, metadata: sa.MetaData) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Yield the tables whose primary key has other columns, or another order of them: Alembic does not compare it.

    What is looked up by the second column alone is looked up by reading the whole table.
    """
    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names())
    for table in metadata.sorted_tables:
        if table.name in there:
            said = [column.name for column in table.primary_key]
            found = inspector.get_pk_constraint(table.name)["constrained_columns"]
            if found != said:
                yield "primary_key", table.name, found, said


def check(service: str) -> list[Any]:
    """Return what the models say and the service's scripts do not; asks a database of its own."""
    with _scratch() as url:
        upgrade(service, url)
        return differences(service, url)


def revise(service: str, message: str) -> Path | None:
    """Write the migration from the scripts' state to the models' and return its file; None where nothing differs.

    It is written by comparing, so it is a draft: read it, and mind the data.
    """
    with _scratch() as url:
        upgrade(service, url)
        if not differences(service, url):
            return None
        with _migrating(url, service) as connection:
            number = f"{int(head(service) or 0) + 1:04d}"
            script = command.revision(_config(service, connection), message, autogenerate=True, rev_id=number)
    path = Path(cast("Any", script).path)
    migration_rendering.tidy(path)
    return path


def schema_is_current(engine: sa.Engine, service: str) -> bool:
    """Whether the database stands at the newest of the service's scripts; cheap enough for a readiness probe."""
    with engine.connect() as connection:
        return _current(connection) == _head(service)


@functools.cache
def _head(service: str) -> str | None:
    return head(service)


def metadata_of(service: str) -> sa.MetaData:
    """Return the metadata of a service with all its models loaded."""
    domain = importlib.import_module(f"services.{service}.domain")
    for module in sorted(Path(next(iter(domain.__path__))).glob("*.py")):
        if module.stem != "__init__":
            importlib.import_module(f"services.{service}.domain.{module.stem}")
    base = importlib.import_module(f"services.{service}.domain.base")
    return cast("sa.MetaData", base.Model.metadata)


def run_in_context() -> None:
    """Do what Alembic's ``env.py`` is for: run the scripts on the connection that the command was given."""
    attributes = context.config.attributes
    context.configure(connection=attributes["connection"], **attributes["options"])
    with context.begin_transaction():
        context.run_migrations()


def _current(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return cast("str | None", connection.scalar(sa.text("SELECT version_num FROM alembic_version")))


def _config(service: str, connection: sa.Connection | None = None) -> Config:
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(_versions(service)))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    if connection is not None:
        config.attributes["connection"] = connection
        config.attributes["options"] = _options(service)
    return config


def _versions(service: str) -> Path:
    found = importlib.util.find_spec(f"services.{service}")
    if found is None or not found.submodule_search_locations:
        raise LookupError(f"there is no service {service}")
    return Path(next(iter(found.submodule_search_locations))) / "migrations" / "versions"


def _options(service: str) -> dict[str, Any]:
    return {
        "target_metadata": metadata_of(service),
        "compare_type": True,
        "render_as_batch": True,
        "transactional_ddl": True,
        "transaction_per_migration": False,
        "include_object": _is_ours,
        "render_item": migration_rendering.render_item,
        "process_revision_directives": migration_rendering.add_search_indexes,
    }


def _is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return not (kind in {"table", "index"} and is_search_object(name))


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(normalised(url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@contextmanager
def _migrating(url: str, service: str) -> Iterator[sa.Connection]:
    """Open the one connection that may migrate now; all scripts are one transaction, done wholly or not at all."""
    with _connected(url) as connection:
        if connection.dialect.name == "sqlite":
            _lock_sqlite(connection)
        else:
            number = zlib.crc32(f"trato migrations {service}".encode())
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
        yield connection
        connection.commit()


def _lock_sqlite(connection: sa.Connection) -> None:
    driver: Any = connection.connection.driver_connection
    driver.isolation_level = None
    driver.execute("PRAGMA journal_mode=WAL").close()
    # Rebuilding a table drops the old one, and its dependants' rows must not go with it.
    driver.execute("PRAGMA foreign_keys=OFF").close()
    give_up = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE").close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.1)
        else:
            return


@contextmanager
def _scratch() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="trato-migrations-") as folder:
        yield f"sqlite:///{folder}/scratch.sqlite3"
