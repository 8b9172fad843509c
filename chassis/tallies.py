"""What happened, counted for operations: events by kind, once the transaction that told them has committed."""

import operator
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any, Final
from weakref import WeakSet

import sqlalchemy as sa
from prometheus_client import Counter
from sqlalchemy.orm import Session

from chassis.db.commit_signal import CommitSignal
from chassis.events import Event

__all__ = ["Tally", "await_commit", "is_counted"]

Labels = tuple[str, ...]
_OTHER: Final = "other"
_tallies: Final[dict[type[Event], list["Tally"]]] = {}
# Lists, because what is told in a savepoint that fails is taken back out of them before the commit.
_committed: Final = CommitSignal[tuple[list[Event], ...]]("tallies", operator.add)
_listening: Final[WeakSet[sa.MetaData]] = WeakSet()


class Tally:
    """A counter at /metrics, declared in a service's handlers.

    ``of`` says for each event that is counted how its labels read; ``labels`` names every value that a label may
    take, so that each series is there from the start and none is added. Any other value counts as ``other``.
    """

    def __init__(
        self,
        name: str,
        documentation: str,
        of: Mapping[type[Event], Callable[[Any], Labels]],
        **labels: Iterable[str],
    ) -> None:
        self._of = of
        self._counter = Counter(name, documentation, list(labels))
        values = product(*(map(str, each) for each in labels.values()))
        self._children = {each: self._child(each) for each in values}
        self._others = len(labels) * (_OTHER,)
        for event in of:
            _tallies.setdefault(event, []).append(self)

    def count(self, event: Event) -> None:
        """Count one event."""
        values = self._of[type(event)](event)
        (self._children.get(values) or self._child(self._others)).inc()

    def _child(self, values: Labels) -> Counter:
        return self._counter.labels(*values) if values else self._counter


def is_counted(event: Event) -> bool:
    """Whether this process counts events of this kind."""
    return type(event) in _tallies


def await_commit(session: Session, metadata: sa.MetaData, told: list[Event]) -> None:
    """Count what ``told`` holds when the session commits."""
    if metadata not in _listening:
        _listening.add(metadata)
        _committed.listen(metadata, _count)
    _committed.note(session, metadata, (told,))


def _count(committed: tuple[list[Event], ...]) -> None:
    for told in committed:
        for event in told:
            for tally in _tallies[type(event)]:
                tally.count(event)
