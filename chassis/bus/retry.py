"""What becomes of an event that could not be handled: it comes back after a growing delay, or is parked."""

from typing import Any, Final

from chassis.bus import topology
from chassis.bus.amqp import Message, Publisher
from chassis.bus.delivery import ATTEMPT, ERROR, FAILED_AT, QUEUE, WAITS, Delivery
from chassis.clock import utc_now

_ERROR_LENGTH: Final = 2000
# An event that waits behind another looks again after at most this rung of the ladder (30 s).
_LONGEST_WAIT: Final = 2


class Retry:
    """Puts deliveries of one service onto the ladder or into its parking queue, confirmed by the broker."""

    def __init__(self, service: str, broker_url: str, ladder: topology.Ladder = topology.STANDARD) -> None:
        self._queue, self._parking = topology.events_queue(service), topology.parking_queue(service)
        self._ladder = ladder
        self._publisher = Publisher(broker_url, f"{service} retries")

    def may_try_again(self, delivery: Delivery) -> bool:
        """Whether the ladder has a rung left after one more failure."""
        return delivery.attempt < len(self._ladder.delays)

    def later(self, delivery: Delivery, error: BaseException) -> None:
        """Have it delivered again after the delay that fits its attempt. Raise one of ``AWAY``."""
        self._climb(delivery, delivery.attempt, _failure(delivery, error, self._queue))

    def behind(self, delivery: Delivery) -> None:
        """Have it delivered again a little later, since another event must come first. Raise one of ``AWAY``."""
        self._climb(delivery, min(delivery.waits, _LONGEST_WAIT), {WAITS: delivery.waits + 1})

    def park(self, delivery: Delivery, error: BaseException) -> None:
        """Put it aside, with its error, until a person looks. Raise one of ``AWAY``."""
        properties = delivery.passed_on(**_failure(delivery, error, self._queue))
        self._publisher.publish([Message("", self._parking, delivery.body, properties)], mandatory=True)

    def parked(self) -> int:
        """Return how many messages are parked. Raise one of ``AWAY``."""
        return self._publisher.count(self._parking)

    def close(self) -> None:
        """Let go of the connection."""
        self._publisher.close()

    def _climb(self, delivery: Delivery, step: int, changes: dict[str, Any]) -> None:
        name = self._ladder.names()[min(step, len(self._ladder.delays) - 1)]
        message = Message(name, self._queue, delivery.body, delivery.passed_on(**changes))
        self._publisher.publish([message], mandatory=True)


def _failure(delivery: Delivery, error: BaseException, queue: str) -> dict[str, Any]:
    return {
        ATTEMPT: delivery.attempt + 1,
        WAITS: 0,
        ERROR: f"{type(error).__name__}: {error}"[:_ERROR_LENGTH],
        QUEUE: queue,
        FAILED_AT: utc_now().isoformat(),
    }
