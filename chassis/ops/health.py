"""Whether this process may be given work, and if not, why; looked at in the background."""

import logging
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Final

import eventlet
from eventlet.semaphore import Semaphore

from chassis.ops import metrics

log = logging.getLogger(__name__)
Look = Callable[[], dict[str, str | None]]
_EVERY: Final = 5.0
_AGAIN: Final = 0.5
_PATIENCE: Final = 4.0


class Health:
    """Runs the looks every five seconds, and sooner when asked while something fails."""

    def __init__(self, looks: Sequence[tuple[str, Look]]) -> None:
        self._looks = looks
        self._reasons: dict[str, str | None] = {"process": "it is starting"}
        self._looked_at = 0.0
        self._lock = Semaphore(1)
        self._ending = False
        self._thread: eventlet.greenthread.GreenThread | None = None

    def start(self) -> None:
        """Begin to look."""
        self._thread = eventlet.spawn(self._look_forever)

    def stop(self) -> None:
        """Stop looking."""
        if self._thread is not None:
            self._thread.kill()

    def end(self) -> None:
        """Say from now on that this process takes no more work."""
        self._ending = True

    def report(self) -> dict[str, Any]:
        """Return ``ready`` and each check by name, with ``why`` where it fails."""
        if monotonic() - self._looked_at > (_AGAIN if self._failing() else 2 * _EVERY):
            self._look()
        reasons = self._reasons | ({"process": "it is ending"} if self._ending else {})
        checks = {name: {"ok": True} if why is None else {"ok": False, "why": why} for name, why in reasons.items()}
        return {"ready": not any(reasons.values()), "checks": checks}

    def _failing(self) -> bool:
        return any(self._reasons.values())

    def _look_forever(self) -> None:
        while True:
            self._look()
            eventlet.sleep(_EVERY)

    def _look(self) -> None:
        asked_at = monotonic()
        with self._lock:
            # Whoever waited for somebody else's look takes what that one saw.
            if self._looked_at > asked_at:
                return
            pool = [(name, eventlet.spawn(_patiently, look)) for name, look in self._looks]
            reasons: dict[str, str | None] = {}
            for name, thread in pool:
                found = thread.wait()
                reasons |= {name: f"no answer within {_PATIENCE:.0f} s"} if found is None else found
            self._reasons, self._looked_at = reasons, monotonic()
            metrics.ready.set(0 if self._failing() or self._ending else 1)
            metrics.show_checks(reasons)


def _patiently(look: Look) -> dict[str, str | None] | None:
    with eventlet.Timeout(_PATIENCE, exception=False):
        try:
            return look()
        except Exception as error:
            log.exception("a health check failed in itself")
            return {"process": f"a health check failed in itself: {type(error).__name__}"}
    return None
