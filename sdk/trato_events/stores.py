"""What a subscription remembers: which events it has handled, how far each subject is, and a few words about itself."""

from collections import OrderedDict
from typing import Protocol

from trato_events.event import Event


class Store(Protocol):
    """The memory of one subscription. Implement it on your own database to share it between replicas.

    It is asked and told in one thread. To have an event's effect exactly once, write the event's id into your own
    database in the transaction of the effect, and do nothing where it is there already.
    """

    def has(self, event: Event) -> bool:
        """Whether the event was handled."""

    def add(self, event: Event) -> None:
        """Remember that the event was handled, and that its subject is as far as this; may be told twice."""

    def last(self, subject: str) -> int | None:
        """Return the highest sequence of a subject that was passed, or None where none was."""

    def passed(self, subject: str, sequence: int) -> None:
        """Remember that a subject is as far as this; a lower number changes nothing."""

    def get(self, key: str) -> str | None:
        """Return a word that was kept under a key, or None."""

    def put(self, key: str, word: str) -> None:
        """Keep a word under a key."""


class MemoryStore:
    """Forgets when the program ends: enough to drop what comes twice while it runs."""

    def __init__(self, *, keeps: int = 200_000) -> None:
        self._keeps = keeps
        self._ids: OrderedDict[str, None] = OrderedDict()
        self._subjects: OrderedDict[str, int] = OrderedDict()
        self._words: dict[str, str] = {}

    def has(self, event: Event) -> bool:
        """Whether the event was handled."""
        return event.id in self._ids

    def add(self, event: Event) -> None:
        """Remember that the event was handled, and that its subject is as far as this."""
        self.passed(event.subject, event.sequence)
        self._ids[event.id] = None
        self._ids.move_to_end(event.id)
        if len(self._ids) > self._keeps:
            self._ids.popitem(last=False)

    def last(self, subject: str) -> int | None:
        """Return the highest sequence of a subject that was passed, or None."""
        return self._subjects.get(subject)

    def passed(self, subject: str, sequence: int) -> None:
        """Remember that a subject is as far as this."""
        self._subjects[subject] = max(sequence, self._subjects.get(subject, 0))
        self._subjects.move_to_end(subject)
        if len(self._subjects) > self._keeps:
            self._subjects.popitem(last=False)

    def get(self, key: str) -> str | None:
        """Return a word that was kept under a key, or None."""
        return self._words.get(key)

    def put(self, key: str, word: str) -> None:
        """Keep a word under a key."""
        self._words[key] = word
