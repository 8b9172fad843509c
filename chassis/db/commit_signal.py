"""Telling others in this process that a transaction which did a certain thing has committed."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

T = TypeVar("T")


class CommitSignal(Generic[T]):
    """What was noted during a transaction is told to the listeners of that service after its commit, only then."""

    def __init__(self, name: str, combine: Callable[[T, T], T]) -> None:
        self._key = f"commit signal {name}"
        self._combine = combine
        self._listeners: WeakKeyDictionary[sa.MetaData, list[Callable[[T], None]]] = WeakKeyDictionary()
        sa.event.listen(Session, "after_commit", self._tell)
        sa.event.listen(Session, "after_rollback", self._forget)

    def note(self, session: Session, metadata: sa.MetaData, value: T) -> None:
        """Remember ``value`` until the session commits; two of one transaction are combined."""
        noted: dict[sa.MetaData, T] = session.info.setdefault(self._key, {})
        noted[metadata] = self._combine(noted[metadata], value) if metadata in noted else value

    def listen(self, metadata: sa.MetaData, listener: Callable[[T], None]) -> None:
        """Call ``listener`` after each commit in this process for which something was noted; it must be quick."""
        self._listeners.setdefault(metadata, []).append(listener)

    def _tell(self, session: Session) -> None:
        # A savepoint that is released is no commit: nobody else sees what it wrote yet.
        if session.in_nested_transaction():
            return
        noted: dict[sa.MetaData, T] = session.info.pop(self._key, {})
        for metadata, value in noted.items():
            for listener in self._listeners.get(metadata, ()):
                listener(value)

    def _forget(self, session: Session, *_: Any) -> None:
        if not session.in_nested_transaction():
            session.info.pop(self._key, None)
