"""How far the history has been read: told by the thread that reads, and by the one that handles."""

import threading

from trato_events.starting import Reading


class Progress:
    """Knows the lowest place in the history that must be read again if the program ends now."""

    def __init__(self, reading: Reading | None) -> None:
        self._lock = threading.Lock()
        self._reading = reading
        self._open: set[int] = set()
        self._next: int | None = None
        self._at_end = reading is None

    def begin(self) -> Reading | None:
        """Return where to read, for the first time or after a break; None where the history is behind us."""
        with self._lock:
            if self._over():
                return None
            self._reading = self._place()
            self._open.clear()
            self._next, self._at_end = None, False
            return self._reading

    def read(self, cursor: int, *, wanted: bool) -> None:
        """An event was read; where it is wanted, ``done`` follows."""
        with self._lock:
            self._next = cursor + 1
            if wanted:
                self._open.add(cursor)

    def done(self, cursor: int) -> None:
        """An event was handled, or parked."""
        with self._lock:
            self._open.discard(cursor)

    def at_end(self) -> None:
        """All that follows comes from the queue too."""
        with self._lock:
            self._at_end = True

    @property
    def place(self) -> Reading | None:
        """Where to go on after a restart; None where the history is behind us."""
        with self._lock:
            return None if self._over() else self._place()

    def _over(self) -> bool:
        return self._at_end and not self._open

    def _place(self) -> Reading:
        assert self._reading is not None
        if self._open:
            return self._reading.moved(min(self._open))
        return self._reading if self._next is None else self._reading.moved(self._next)
