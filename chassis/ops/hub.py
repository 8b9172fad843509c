"""Watches the one thread that all greenthreads share: whoever blocks it blocks everybody."""

import logging
from collections import deque
from time import monotonic
from typing import Final

import eventlet

from chassis.ops import metrics

log = logging.getLogger(__name__)
TICK: Final = 0.1
LONG: Final = 0.25
WINDOW: Final = 60.0
DEAD: Final = 30.0


class HubWatch:
    """A ticker of 100 ms; how late it comes is how long nothing else could run."""

    def __init__(self) -> None:
        self._stalls: deque[tuple[float, float]] = deque()
        self._last_tick = monotonic()
        self._thread: eventlet.greenthread.GreenThread | None = None
        metrics.hub_stall_seconds.set_function(self.worst)

    def start(self) -> None:
        """Begin to tick."""
        self._last_tick = monotonic()
        self._thread = eventlet.spawn(self._tick_forever)

    def stop(self) -> None:
        """Stop ticking."""
        if self._thread is not None:
            self._thread.kill()
            self._thread = None

    def worst(self) -> float:
        """Return the longest stall of the last minute, in seconds."""
        horizon = monotonic() - WINDOW
        while self._stalls and self._stalls[0][0] < horizon:
            self._stalls.popleft()
        return max((stall for _, stall in self._stalls), default=0.0)

    def alive(self) -> bool:
        """Whether the ticker has ticked lately."""
        return monotonic() - self._last_tick < DEAD

    def _tick_forever(self) -> None:
        while True:
            eventlet.sleep(TICK)
            now = monotonic()
            late = now - self._last_tick - TICK
            self._last_tick = now
            # Only what somebody could feel is kept, so that an idle minute costs nothing.
            if late > TICK:
                self._stalls.append((now, late))
            if late > LONG:
                metrics.hub_stalls.inc()
                log.warning("nothing else could run for %.0f ms", late * 1000)
