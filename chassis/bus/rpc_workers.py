"""Greenlets that answer calls: as many as may wait at a time, none made or switched to without need."""

from collections import deque
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Generic, TypeVar

from eventlet.hubs import get_hub
from greenlet import getcurrent, greenlet

T = TypeVar("T")

TURN = 16  # calls answered in a row before everything else in the process gets its turn
REST_AFTER = 0.001  # seconds of work after which answers that are ready should leave


class Workers(Generic[T]):
    """At most ``size`` calls at a time, in the order they came; a call that does not wait costs no switch.

    ``run`` must not raise. ``rest`` is called whenever there is nothing more to start just now.
    """

    def __init__(self, size: int, run: Callable[[T], None], rest: Callable[[], None]) -> None:
        self._size, self._run, self._rest = size, run, rest
        self._backlog: deque[T] = deque()
        self._idle: list[greenlet] = []
        self._made = 0
        self._gave_way = False

    @property
    def running(self) -> int:
        """How many calls are being answered now."""
        return self._made - len(self._idle)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing runs and nothing waits."""
        return not self._backlog and not self.running

    def take(self, calls: Iterable[T] = ()) -> None:
        """Start these calls, or let them wait for a free worker. Only the hub may call this."""
        self._backlog.extend(calls)
        self._gave_way = False
        while self._backlog and not self._gave_way:
            worker = self._idle.pop() if self._idle else self._new()
            if worker is None:
                break
            worker.switch()  # comes back when the worker waits for something or has nothing to do
        self._rest()

    def _new(self) -> greenlet | None:
        if self._made >= self._size:
            return None
        self._made += 1
        return greenlet(self._work, get_hub().greenlet)

    def _work(self) -> None:
        backlog, run, hub, me = self._backlog, self._run, get_hub(), getcurrent()
        while True:
            in_a_row, since = 0, perf_counter()
            while backlog and in_a_row < TURN:
                run(backlog.popleft())
                in_a_row += 1
                if perf_counter() - since > REST_AFTER:
                    self._rest()
                    since = perf_counter()
            self._idle.append(me)
            if backlog:
                self._gave_way = True
                hub.schedule_call_global(0, self.take)
            else:
                self._rest()
            hub.switch()
