"""Where a relay takes pending events from, and marks them as published: one way for each database."""

import zlib
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any, Protocol

import sqlalchemy as sa

from chassis.bus import outbox
from chassis.clock import utc_now
from chassis.db import postgres, tables
from chassis.db.database import Database

_CHANNEL = "trato_outbox"
# Marks need not outlive a power cut, so none of them waits for the disk.
_FORGETFUL = {
    **postgres.OPTIONS["connect_args"],
    "options": f"{postgres.OPTIONS['connect_args']['options']} -c synchronous_commit=off",
}


class Source(Protocol):
    """The outbox of one service as its relay sees it."""

    def lead(self) -> bool:
        """Whether this process is the one that publishes now; of several processes exactly one is."""

    def pending(self, limit: int, but: Collection[int]) -> outbox.Rows:
        """Return the oldest unpublished rows, without those whose ids are given: they are on their way."""

    def mark(self, ids: Sequence[int]) -> None:
        """Note that these rows are published. It may be forgotten in a power cut: then they are published again."""

    def pass_on(self) -> None:
        """Tell the process that leads that there is something to publish."""

    def sockets(self) -> list[Any]:
        """Return what becomes readable when another process committed events."""

    def heard(self) -> bool:
        """Take what made ``sockets`` readable; answer whether another process committed events."""

    def close(self) -> None:
        """Let go of what is held."""


class SqliteSource:
    """One process owns the file: it always leads. Publishing happens outside any transaction."""

    def __init__(self, database: Database, metadata: sa.MetaData) -> None:
        self._database, self._outbox = database, tables.outbox(metadata)

    def lead(self) -> bool:
        """Return True."""
        return True

    def pending(self, limit: int, but: Collection[int]) -> outbox.Rows:
        """Return the oldest unpublished rows that are not on their way."""
        with self._database.read() as session:
            return outbox.pending(session, self._outbox, limit, but)

    def mark(self, ids: Sequence[int]) -> None:
        """Note that rows are published, in one short transaction that does not wait for the disk."""
        with self._database.write(durable=False) as session:
            session.execute(_published(self._outbox, ids))

    def pass_on(self) -> None:
        """There is nobody else."""

    def sockets(self) -> list[Any]:
        """There is nothing to listen to."""
        return []

    def heard(self) -> bool:
        """Return False: whoever commits here pokes the relay."""
        return False

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
            connect_args=_FORGETFUL,
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

    def pending(self, limit: int, but: Collection[int]) -> outbox.Rows:
        """Return the oldest unpublished rows that are not on their way."""
        return outbox.pending(self._connection(), self._outbox, limit, but)

    def mark(self, ids: Sequence[int]) -> None:
        """Note that rows are published."""
        self._connection().execute(_published(self._outbox, ids))

    def pass_on(self) -> None:
        """Notify the process that leads; here and not in the writer's transaction, where it would serialise commits."""
        self._connection().exec_driver_sql(f"NOTIFY {_CHANNEL}")

    def sockets(self) -> list[Any]:
        """Return the connection, readable when another process sent a notification."""
        return [self._driver()] if self._leads else []

    def heard(self) -> bool:
        """Take the notifications; answer whether there were any. Raise where the server closed the connection."""
        if not self._leads:
            return False
        driver = self._driver()
        driver.poll()
        told = bool(driver.notifies)
        driver.notifies.clear()
        return told

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


def _published(table: sa.Table, ids: Sequence[int]) -> sa.Update:
    return sa.update(table).where(table.c.id.in_(ids)).values(published_at=utc_now())
