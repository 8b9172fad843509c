"""Looks at the broker over a connection of its own: does it answer, are we consuming, what is parked."""

import logging
from collections.abc import Sequence
from typing import Any

from amqp.exceptions import AMQPError, NotFound

from chassis.bus.rpc_connection import connect
from chassis.bus.topology import parking_queue
from chassis.bus.wire import queue_of
from chassis.ops import metrics

log = logging.getLogger(__name__)


class BrokerProbe:
    """What /readyz and /metrics say about the broker."""

    def __init__(self, url: str, services: Sequence[str]) -> None:
        self._url = url
        self._services = services
        self._connection: Any = None

    def look(self) -> dict[str, str | None]:
        """Return each check with why it fails, or ``None``; sets the gauge of parked events."""
        try:
            if self._connection is None:
                self._connection = connect(self._url, name="trato health", timeout=3, heartbeat=0)
            reasons: dict[str, str | None] = {"broker": None}
            for service in self._services:
                reasons[f"{service}.requests"] = self._consuming(service)
                self._count_parked(service)
        except (AMQPError, OSError) as error:
            self.close()
            return {"broker": f"the broker does not answer: {type(error).__name__}"}
        except BaseException:
            # Cut off in the middle of an answer (the caller's patience ended): it cannot be used again.
            self.close()
            raise
        return reasons

    def close(self) -> None:
        """Let the connection go; the next look makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.collect()
            except (AMQPError, OSError) as error:
                log.debug("a broken connection would not close: %r", error)

    def _consuming(self, service: str) -> str | None:
        declared = self._declared(queue_of(service))
        if declared is None or declared.consumer_count == 0:
            return f"nobody takes requests from {queue_of(service)} yet"
        return None

    def _count_parked(self, service: str) -> None:
        declared = self._declared(parking_queue(service))
        metrics.parked.labels(service).set(0 if declared is None else declared.message_count)

    def _declared(self, queue: str) -> Any:
        # A queue that is missing closes the channel, so each look takes a new one.
        try:
            with self._connection.channel() as channel:
                return channel.queue_declare(queue, passive=True)
        except NotFound:
            return None
