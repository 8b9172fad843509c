"""Several processes of the same services: forked from one parent, restarted when they die."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from eventlet.patcher import original

from chassis.ops import garbage

log = logging.getLogger(__name__)
# The parent waits in the kernel, not on eventlet's hub: a hub made here would be shared by all children.
_time = original("time")
_waitpid: Callable[[int, int], tuple[int, int]] = original("os").waitpid

_WATCHED: Final = frozenset({signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_STEADY: Final = 60.0
_AFTER_GRACE: Final = 5.0


@dataclass
class Place:
    """One process of the plan: what it runs, and what became of it so far."""

    name: str
    work: Callable[[int], int]
    pid: int | None = None
    started_at: float = 0.0
    pause: float = field(default=_FIRST_PAUSE)
    start_at: float = 0.0


class Supervisor:
    """Keeps one child alive for each place until it is told to stop."""

    def __init__(self, places: list[Place], grace: float) -> None:
        self._places = places
        self._grace = grace
        self._lifeline = os.pipe()

    def run(self) -> int:
        """Fork, watch and restart until SIGTERM or SIGINT; return the exit status, 0 when all ended well.

        ``work`` runs in the child with a file descriptor that reaches its end when this parent is gone.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        garbage.settle()
        while True:
            self._start_what_is_due()
            received = signal.sigtimedwait(_WATCHED, self._until_next_start())
            if received is not None and received.si_signo != signal.SIGCHLD:
                return self._stop_all()
            self._reap()

    def _start_what_is_due(self) -> None:
        for index, place in enumerate(self._places):
            if place.pid is None and place.start_at <= _time.monotonic():
                self._fork(place, index)

    def _fork(self, place: Place, index: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._be_the_child(place, index)
        place.pid, place.started_at = pid, _time.monotonic()
        log.info("started %s", place.name, extra={"pid": pid})

    def _be_the_child(self, place: Place, index: int) -> None:
        status = 1
        try:
            os.close(self._lifeline[1])
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
            log.debug("%s is place %d", place.name, index)
            status = place.work(self._lifeline[0])
        except BaseException:
            log.exception("%s ended", place.name)
        finally:
            logging.shutdown()
            # Not sys.exit: the parent's cleanup is not the child's business.
            os._exit(status)

    def _until_next_start(self) -> float:
        waiting = [place.start_at for place in self._places if place.pid is None]
        return max(0.0, min(waiting) - _time.monotonic()) if waiting else 3600.0

    def _reap(self) -> None:
        for place in self._places:
            status = self._ended(place)
            if status is None:
                continue
            lived = _time.monotonic() - place.started_at
            place.pause = _FIRST_PAUSE if lived > _STEADY else min(place.pause * 2, _LONGEST_PAUSE)
            place.start_at = _time.monotonic() + place.pause
            log.error("%s ended with %s; it starts again in %.1f s", place.name, status, place.pause)

    def _ended(self, place: Place) -> str | None:
        if place.pid is None:
            return None
        pid, status = _waitpid(place.pid, os.WNOHANG)
        if pid == 0:
            return None
        place.pid = None
        code = os.waitstatus_to_exitcode(status)
        return signal.Signals(-code).name if code < 0 else f"status {code}"

    def _stop_all(self) -> int:
        self._signal(signal.SIGTERM)
        deadline, well = _time.monotonic() + self._grace + _AFTER_GRACE, True
        while any(place.pid for place in self._places) and _time.monotonic() < deadline:
            signal.sigtimedwait({signal.SIGCHLD}, 0.5)
            ends = [self._ended(place) for place in self._places]
            well = well and all(end in {None, "status 0"} for end in ends)
        left = [place for place in self._places if place.pid]
        self._signal(signal.SIGKILL)
        for place in left:
            assert place.pid is not None
            _waitpid(place.pid, 0)
        return 0 if well and not left else 1

    def _signal(self, number: signal.Signals) -> None:
        for place in self._places:
            if place.pid is not None:
                os.kill(place.pid, number)
