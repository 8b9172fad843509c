"""A memory that outlives the program, in a small SQLite file."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike

from trato_events.event import Event

_SCHEMA = """
CREATE TABLE IF NOT EXISTS handled (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS handled_at ON handled (at);
CREATE TABLE IF NOT EXISTS subjects (subject TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS words (name TEXT PRIMARY KEY, word TEXT NOT NULL) WITHOUT ROWID;
"""
_PRUNE_EVERY = 10_000


class SqliteStore:
    """Remembers handled events for ``keep_days``, subjects for ever. One file belongs to one subscription.

    A handled event is on disk before it is acknowledged to the broker. Processes may take turns on one file. Tables of
    your own may live in it too: see ``transaction``.
    """

    def __init__(self, path: str | PathLike[str], *, keep_days: int = 30) -> None:
        self._keep_seconds = keep_days * 86_400
        self._added = 0
        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)

    def has(self, event: Event) -> bool:
        """Whether the event was handled."""
        return self._connection.execute("SELECT 1 FROM handled WHERE id = ?", [event.id]).fetchone() is not None

    def add(self, event: Event) -> None:
        """Remember that the event was handled; inside ``transaction`` together with what is written there."""
        if self._connection.in_transaction:
            self._add(event)
        else:
            with self.transaction():
                self._add(event)
        self._added += 1
        if self._added % _PRUNE_EVERY == 0 and not self._connection.in_transaction:
            self.prune()

    def _add(self, event: Event) -> None:
        self._connection.execute("INSERT OR IGNORE INTO handled VALUES (?, ?)", [event.id, int(time.time())])
        self.passed(event.subject, event.sequence)

    def last(self, subject: str) -> int | None:
        """Return the highest sequence of a subject that was passed, or None."""
        found = self._connection.execute("SELECT sequence FROM subjects WHERE subject = ?", [subject]).fetchone()
        return None if found is None else int(found[0])

    def passed(self, subject: str, sequence: int) -> None:
        """Remember that a subject is as far as this."""
        self._connection.execute(
            "INSERT INTO subjects VALUES (?, ?) "
            "ON CONFLICT (subject) DO UPDATE SET sequence = max(sequence, excluded.sequence)",
            [subject, sequence],
        )

    def get(self, key: str) -> str | None:
        """Return a word that was kept under a key, or None."""
        found = self._connection.execute("SELECT word FROM words WHERE name = ?", [key]).fetchone()
        return None if found is None else str(found[0])

    def put(self, key: str, word: str) -> None:
        """Keep a word under a key."""
        self._connection.execute("INSERT OR REPLACE INTO words VALUES (?, ?)", [key, word])

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write tables of your own together with ``add``: both are kept, or neither. The effect is exactly once."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def prune(self) -> None:
        """Forget events handled longer ago than ``keep_days``."""
        self._connection.execute("DELETE FROM handled WHERE at < ?", [int(time.time()) - self._keep_seconds])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
