"""Patience in busy stretches: what comes in quick succession is taken together, which costs less for each."""

from collections.abc import Callable
from time import monotonic
from typing import Final

BUSY: Final = 150.0  # events a second from which on waiting for more pays; below it nothing waits
PAUSE: Final = 0.02  # seconds between two takings in a busy stretch
# Twice as many in a second are worth twice the pause; more than that nobody has to wait.
VERY_BUSY: Final = 2 * BUSY
LONGEST_PAUSE: Final = 2 * PAUSE
_SPAN: Final = 0.1  # seconds over which the rate is counted


class Gathering:
    """Counts what is taken and tells how long to let more come before the next taking."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """``clock`` gives seconds that only ever grow."""
        self._clock = clock
        self._began = self._last = clock()
        self._count = 0
        self._rate = 0.0

    def took(self, count: int) -> None:
        """Note that so many were taken now."""
        now = self._clock()
        if now - self._began >= _SPAN:
            self._rate = self._count / (now - self._began)
            self._began, self._count = now, 0
        self._count += count
        self._last = now

    def pause(self) -> float:
        """Return the seconds to wait; none in a quiet stretch."""
        if self._rate < BUSY:
            return 0.0
        pause = PAUSE if self._rate < VERY_BUSY else LONGEST_PAUSE
        return max(0.0, self._last + pause - self._clock())
