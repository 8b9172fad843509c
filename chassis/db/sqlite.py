"""What is particular to SQLite: one writer at a time, readers beside it, and waiting that lets others run.

SQLite waits for a lock inside C, which would stop every greenthread of the process. So writers queue on a lock of
ours first, and what another process holds is asked for again and again with sleeps between.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.db.yield_watch import YieldWatch
from chassis.errors import Unavailable

WAIT_SECONDS: Final = 20.0
_FIRST_PAUSE: Final = 0.002
_LONGEST_PAUSE: Final = 0.05

# autocommit by the driver: SQLAlchemy's own BEGIN, below, decides when a transaction begins and of which kind
OPTIONS: Final[Mapping[str, Any]] = {
    "connect_args": {"check_same_thread": False, "timeout": 0.02, "isolation_level": None, "cached_statements": 256},
    "poolclass": sa.QueuePool,
}


class Writer:
    """Hands the one writing session to one greenthread or thread after the other."""

    def __init__(self, engine: sa.Engine, *, watch_yields: bool) -> None:
        self._lock = threading.Lock()  # green where the process is patched
        self._watch = YieldWatch() if watch_yields else None
        sa.event.listen(engine, "connect", _prepare)
        self._engine = engine.execution_options(writes=True)
        self._forgetful = engine.execution_options(writes=True, synchronous="NORMAL")
        for each in (self._engine, self._forgetful):
            sa.event.listen(each, "begin", _begin_immediate)

    @contextmanager
    def session(self, *, durable: bool = True) -> Iterator[Session]:
        """Open the writing session. Raise ``Unavailable`` when others keep writing for too long."""
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise Unavailable(retry_after=1)
        try:
            engine = self._engine if durable else self._forgetful
            with Session(engine, expire_on_commit=False) as session, session.begin():
                if self._watch is None:
                    yield session
                else:
                    with self._watch.watching():
                        yield session
        finally:
            self._lock.release()


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # FULL: a commit that was acknowledged survives a power cut too. NORMAL would keep it through kill -9 only and
    # saves one fsync: 0.08 ms a commit instead of 0.70 ms on the disk where it was measured.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        _patiently(connection, f"PRAGMA {pragma}")


def _begin_immediate(connection: sa.Connection) -> None:
    driver: Any = connection.connection.driver_connection
    wanted = connection.get_execution_options().get("synchronous", "FULL")
    if connection.info.get("synchronous", "FULL") != wanted:
        _patiently(driver, f"PRAGMA synchronous={wanted}")
        connection.info["synchronous"] = wanted
    _patiently(driver, "BEGIN IMMEDIATE")


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    give_up, pause = time.monotonic() + WAIT_SECONDS, _FIRST_PAUSE
    while True:
        try:
            connection.execute(statement).close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
            if time.monotonic() > give_up:
                raise Unavailable(retry_after=1) from error
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return
