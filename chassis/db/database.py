"""One service's database: sessions that write, sessions that read, and who is told of a commit."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, cast

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.db import postgres, sqlite

log = logging.getLogger(__name__)

IDLE_SECONDS: Final = 1.0  # a connection that rested longer is asked whether it still lives before it is used
POOL_TIMEOUT: Final = 10.0
_SCHEMES: Final = {"postgres": "postgresql+psycopg2", "postgresql": "postgresql+psycopg2"}


def normalised(url: str) -> sa.URL:
    """Return ``url`` with the driver we use: a bare ``postgresql://`` would mean one that blocks the process."""
    parsed = sa.make_url(url)
    return parsed.set(drivername=_SCHEMES.get(parsed.drivername, parsed.drivername))


class Database:
    """The database of one service, SQLite or PostgreSQL.

    Nothing is connected before the first session. Greenthreads and threads may share it.
    """

    def __init__(
        self,
        url: str,
        metadata: sa.MetaData | None = None,
        *,
        pool_size: int = 8,
        watch_yields: bool = False,
    ) -> None:
        """Prepare for ``url``; ``watch_yields`` refuses, in tests, a SQLite write that lets others run meanwhile."""
        self.url = normalised(url)
        self.metadata = metadata if metadata is not None else sa.MetaData()
        self.dialect = cast("Literal['sqlite', 'postgresql']", self.url.get_backend_name())
        self.engine = sa.create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,  # what is opened for one moment of haste and closed behind it costs more than waiting
            pool_timeout=POOL_TIMEOUT,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=_from_json,
            **(postgres.options() if self.dialect == "postgresql" else sqlite.OPTIONS),
        )
        _ask_rested_connections(self.engine)
        self._listeners: list[Callable[[], None]] = []
        self._reading = self.engine
        self._writer: sqlite.Writer | None = None
        if self.dialect == "sqlite":
            # Without a BEGIN of ours the driver reads in autocommit, which is what reading wants.
            self._writer = sqlite.Writer(self.engine, watch_yields=watch_yields)
        else:
            self._reading = postgres.autocommitting(self.engine)

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Session]:
        """Open a session that commits when the block ends well and rolls back when it raises.

        On SQLite one writer at a time has the database from the first moment; the block must not wait for
        anything but the database, because nobody else in the process writes meanwhile. What need not be ``durable``
        does not wait for the disk there, and a power cut may undo it.
        """
        if self._writer is None:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        else:
            with self._writer.session(durable=durable) as session:
                yield session
        for listener in self._listeners:
            _told(listener)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that only looks; each query is one round trip and sees the latest commit."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` after each commit of a writing session in this process; it must be quick."""
        self._listeners.append(callback)

    def check(self) -> None:
        """Ask the database for an answer. Raises SQLAlchemy's ``DBAPIError`` when there is none."""
        with self._reading.connect() as connection:
            connection.execute(sa.text("SELECT 1"))

    def create_all(self) -> None:
        """Make all tables without migrations, with their search indexes; for tests and measurements."""
        from chassis.db import search

        self.metadata.create_all(self.engine)
        search.create_all(self.engine, self.metadata)

    def dispose(self) -> None:
        """Close all connections; the next session opens new ones."""
        self.engine.dispose()


def _from_json(stored: Any) -> Any:
    # SQLite keeps a column declared JSON as a number where the text is one.
    return stored if isinstance(stored, int | float) else orjson.loads(stored)


def _told(listener: Callable[[], None]) -> None:
    try:
        listener()
    except Exception:  # the transaction is committed; whoever wanted to hear of it has a safety net
        log.exception("after a commit, %r failed", listener)


def _ask_rested_connections(engine: sa.Engine) -> None:
    """Ping a connection only where it rested: in steady work the ping would be a second round trip per query."""

    def returned(_connection: Any, record: Any) -> None:
        if record is not None:
            record.info["rested_since"] = time.monotonic()

    def taken(connection: Any, record: Any, _fairy: Any) -> None:
        rested_since = record.info.get("rested_since")
        if rested_since is None or time.monotonic() - rested_since <= IDLE_SECONDS:
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error
        if not alive:
            raise sa.exc.InvalidatePoolError

    sa.event.listen(engine, "checkin", returned)
    sa.event.listen(engine, "checkout", taken)
