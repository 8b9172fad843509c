"""The indexes behind text search, made by migrations: tsvector and trigrams on PostgreSQL, FTS5 on SQLite."""

import functools
import logging
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

SIMPLE: Final = sa.cast(sa.literal_column("'simple'"), REGCONFIG)  # words as they are: names are of no language
PREFIX: Final = "search_"

# A short pending list: searches read it from end to end.
_WORDS: Final = (
    "CREATE INDEX ix_{table}_search ON {table} USING gin (to_tsvector('simple'::regconfig, search_text)) "
    "WITH (fastupdate = on, gin_pending_list_limit = 256)"
)
_TRIGRAMS: Final = "CREATE INDEX ix_{table}_search_similar ON {table} USING gin (search_text gin_trgm_ops)"
_EXTENSION: Final = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
_SQLITE: Final = (
    "CREATE VIRTUAL TABLE {fts} USING fts5(content, id UNINDEXED, prefix='2 3', tokenize='unicode61')",
    "CREATE VIRTUAL TABLE {fts}_terms USING fts5vocab('{fts}', 'row')",
)


def vector(text: Any) -> Any:
    """Return the expression of the index on PostgreSQL, letter by letter, so that the planner knows it again."""
    return sa.func.to_tsvector(SIMPLE, text, type_=TSVECTOR)


def fts_name(table: str) -> str:
    """Return the name of a table's FTS5 table."""
    return f"{PREFIX}{table}"


def is_search_object(name: str | None) -> bool:
    """Whether a table or index belongs to the text search; Alembic's comparison leaves them alone."""
    return name is not None and (name.startswith(PREFIX) or name.endswith(("_search", "_search_similar")))


def create_index(op: Any, table: str) -> None:
    """Make what ``q=`` on ``table`` needs; for a migration's ``upgrade``. The table has a column ``search_text``."""
    _create(op.get_bind(), table)


def drop_index(op: Any, table: str) -> None:
    """Undo ``create_index``; for a migration's ``downgrade``, before the table goes."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for name in (f"{fts_name(table)}_terms", fts_name(table)):
            connection.execute(sa.text(f"DROP TABLE IF EXISTS {name}"))
        return
    for name in (f"ix_{table}_search_similar", f"ix_{table}_search"):
        connection.execute(sa.text(f"DROP INDEX IF EXISTS {name}"))


def create_all(engine: sa.Engine, metadata: sa.MetaData) -> None:
    """Make the search indexes of all tables that have a search text; for tests and measurements."""
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if "search_text" in table.c:
                _create(connection, table.name)


def _create(connection: sa.Connection, table: str) -> None:
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE:
            connection.execute(sa.text(statement.format(fts=fts_name(table))))
        return
    connection.execute(sa.text(_WORDS.format(table=table)))
    if _make_trigrams(connection):
        connection.execute(sa.text(_TRIGRAMS.format(table=table)))


def _make_trigrams(connection: sa.Connection) -> bool:
    if _installed(connection):
        return True
    try:
        with connection.begin_nested():
            connection.execute(sa.text(_EXTENSION))
    except sa.exc.DBAPIError as error:
        log.warning(
            "The extension pg_trgm is not there and may not be created by this user (%s): search works, but does not "
            "forgive mistyped words. A superuser can run: CREATE EXTENSION pg_trgm; then run the migrations again.",
            str(error.orig).strip().splitlines()[0],
        )
        return False
    return True


def _installed(connection: Any) -> bool:
    return bool(connection.scalar(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")))


_answers: dict[str, bool] = {}


def has_trigrams(session: Session) -> bool:
    """Whether this PostgreSQL forgives mistyped words; asked once per database."""
    engine = session.get_bind().engine
    key = str(engine.url)
    if key not in _answers:
        _answers[key] = _installed(session)
    return _answers[key]


@functools.cache
def insert_statement(table: str) -> sa.TextClause:
    """Return the statement that writes a row of the FTS5 table, new or changed."""
    return sa.text(f"INSERT OR REPLACE INTO {fts_name(table)} (rowid, content, id) VALUES (:row, :content, :id)")  # noqa: S608 - our own table name


@functools.cache
def delete_statement(table: str) -> sa.TextClause:
    """Return the statement that deletes a row of the FTS5 table."""
    return sa.text(f"DELETE FROM {fts_name(table)} WHERE rowid = :row")  # noqa: S608 - our own table name
