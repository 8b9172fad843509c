"""Events by subject: each subject in its order, so that a failing event holds back those behind it and no others."""

import heapq
from collections import deque
from collections.abc import Sequence

from trato_events.delivery import Delivery

# After the last of them an event is parked. Together they stay below the 30 minutes that RabbitMQ waits for an answer.
DELAYS = (1.0, 5.0, 30.0, 120.0, 600.0)
_REMEMBERED = 10_000


class Lanes:
    """What was handed out and is not done yet, in one thread. Instants are seconds of any steady clock."""

    def __init__(self, delays: Sequence[float] = DELAYS) -> None:
        self._delays = tuple(delays)
        self._lanes: dict[str, deque[tuple[int, Delivery]]] = {}
        self._ready: list[tuple[int, str]] = []
        self._waiting: list[tuple[float, str]] = []
        self._arrived = 0
        # By event, not by delivery: an event that comes again by a new connection has been tried as often as it was.
        self._failures: dict[str, int] = {}

    def add(self, delivery: Delivery) -> None:
        """Let an event stand behind the others of its subject."""
        self._arrived += 1
        lane = self._lanes.setdefault(delivery.event.subject, deque())
        lane.append((self._arrived, delivery))
        if len(lane) == 1:
            heapq.heappush(self._ready, (self._arrived, delivery.event.subject))

    def next(self, now: float) -> Delivery | None:
        """Return what is to be handled now, the earliest arrival first; ``done`` or ``failed`` must follow."""
        while self._waiting and self._waiting[0][0] <= now:
            _, subject = heapq.heappop(self._waiting)
            heapq.heappush(self._ready, (self._lanes[subject][0][0], subject))
        while self._ready:
            _, subject = heapq.heappop(self._ready)
            delivery = self._lanes[subject][0][1]
            if delivery.alive:
                return delivery
            self._leave(subject)
        return None

    def done(self, delivery: Delivery) -> None:
        """The event was handled or parked; the next of its subject may come."""
        self._failures.pop(delivery.event.id, None)
        self._leave(delivery.event.subject)

    def lost(self, delivery: Delivery) -> None:
        """The connection broke over it: it comes again, and has been tried as often as it was."""
        self._leave(delivery.event.subject)

    def failed(self, delivery: Delivery, now: float) -> bool:
        """Let it be tried again after a growing delay; False where it has had all its attempts."""
        failures = self._failures.get(delivery.event.id, 0) + 1
        if failures > len(self._delays):
            return False
        if len(self._failures) > _REMEMBERED:
            self._failures.clear()
        self._failures[delivery.event.id] = failures
        heapq.heappush(self._waiting, (now + self._delays[failures - 1], delivery.event.subject))
        return True

    def attempts(self, delivery: Delivery) -> int:
        """Return how often an event has failed."""
        return self._failures.get(delivery.event.id, 0)

    def pause(self, now: float) -> float | None:
        """Return the seconds until something is due, 0 where something is, None where nothing waits."""
        if self._ready:
            return 0.0
        return max(self._waiting[0][0] - now, 0.0) if self._waiting else None

    def _leave(self, subject: str) -> None:
        lane = self._lanes[subject]
        lane.popleft()
        if lane:
            heapq.heappush(self._ready, (lane[0][0], subject))
        else:
            del self._lanes[subject]
