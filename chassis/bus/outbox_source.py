"""Where a relay takes pending events from, and marks them as published: one way for each database."""

import zlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

import sqlalchemy as sa

from chassis.bus import outbox
from chassis.clock import utc_now
from chassis.db import postgres, tables
from chassis.db.database import Database

Rows = Sequence[sa.RowMapping]
_CHANNEL = "trato_outbox"


class Source(Protocol):
    """The outbox of one service as its relay sees it."""

    def lead(self) -> bool:
        """Whether this process is the one that publishes now; of several processes exactly one is."""

    def pending(self, limit: int) -> Rows:
        """Return the oldest unpublished rows."""

    def mark(self, rows: Rows) -> None:
        """Note that ``rows`` are published."""

    def pass_on(self) -> None:
        """Tell the process that leads that there is something to publish."""

    def sockets(self) -> list[Any]:
        """Return what becomes readable when another process committed events."""

    def heard(self) -> None:
        """Take what made ``sockets`` readable."""

    def close(self) -> None:
        """Let go of what is held."""


class SqliteSource:
    """One process owns the file: it always leads. Publishing happens outside any transaction."""

    def __init__(self, database: Database, metadata: sa.MetaData) -> None:
        self._database, self._outbox = database, tables.outbox(metadata)

    def lead(self) -> bool:
        """Return True."""
        return True

    def pending(self, limit: int) -> Rows:
        """Return the oldest unpublished rows."""
        with self._database.read() as session:
            rows: Rows = session.execute(outbox.pending(self._outbox, limit)).mappings().all()
            return rows

    def mark(self, rows: Rows) -> None:
        """Note that ``rows`` are published, in one short transaction."""
        with self._database.write() as session:
            session.execute(_published(self._outbox, rows))

    def pass_on(self) -> None:
        """There is nobody else."""

    def sockets(self) -> list[Any]:
        """There is nothing to listen to."""
        return []

    def heard(self) -> None:
        """There is nothing to take."""

    def close(self) -> None:
        """Nothing is held."""


class PostgresSource:
    """A connection of its own that holds an advisory lock while it leads: one relay at a time makes the order.

    The lock lives exactly as long as the connection on which rows are read and marked, so who reads, leads. No
    transaction is open while the broker confirms. A pooler in transaction mode may not stand in between.
    """

    def __init__(self, service: str, database: Database, metadata: sa.MetaData) -> None:
        self._engine = sa.create_engine(
            database.url,
            poolclass=sa.NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=dict(postgres.OPTIONS["connect_args"]),
        )
        self._outbox = tables.outbox(metadata)
        self._key = zlib.crc32(f"outbox of {service}".encode())
        self._open: sa.Connection | None = None
        self._leads = False

    def lead(self) -> bool:
        """Whether the lock is held, after trying to get it."""
        if not self._leads:
            self._leads = bool(self._connection().scalar(sa.select(sa.func.pg_try_advisory_lock(self._key))))
            if self._leads:
                self._connection().exec_driver_sql(f"LISTEN {_CHANNEL}")
        return self._leads

    def pending(self, limit: int) -> Rows:
        """Return the oldest unpublished rows."""
        return self._connection().execute(outbox.pending(self._outbox, limit)).mappings().all()

    def mark(self, rows: Rows) -> None:
        """Note that ``rows`` are published."""
        self._connection().execute(_published(self._outbox, rows))

    def pass_on(self) -> None:
        """Notify the process that leads; here and not in the writer's transaction, where it would serialise commits."""
        self._connection().exec_driver_sql(f"NOTIFY {_CHANNEL}")

    def sockets(self) -> list[Any]:
        """Return the connection, readable when another process sent a notification."""
        return [self._driver()] if self._leads else []

    def heard(self) -> None:
        """Take the notifications. Raise where the server closed the connection."""
        if self._leads:
            driver = self._driver()
            driver.poll()
            driver.notifies.clear()

    def close(self) -> None:
        """Close the connection, and with it give up the lead."""
        connection, self._open, self._leads = self._open, None, False
        if connection is not None:
            with suppress(Exception):
                connection.invalidate()
            with suppress(Exception):
                connection.close()

    def _connection(self) -> sa.Connection:
        if self._open is None:
            self._open = self._engine.connect()
        elif self._open.invalidated:
            # Without this SQLAlchemy would reconnect in silence, and the lock be somebody else's.
            raise ConnectionError("the relay lost its database connection")
        return self._open

    def _driver(self) -> Any:
        return self._connection().connection.driver_connection


def source_for(service: str, database: Database, metadata: sa.MetaData) -> Source:
    """Return the source that fits the database."""
    if database.dialect == "sqlite":
        return SqliteSource(database, metadata)
    return PostgresSource(service, database, metadata)


def _published(table: sa.Table, rows: Rows) -> sa.Update:
    return sa.update(table).where(table.c.id.in_([row["id"] for row in rows])).values(published_at=utc_now())
