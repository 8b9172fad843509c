r"""What must exist at the broker for events to flow, and how each part is declared.

    crm.events             topic exchange: every event of every service, routing key crm.<source>.<topic>.v<n>
    crm.events.history     stream bound to everything, for late readers
    <service>.events       quorum queue, one active consumer; bound to what the service listens to
    <service>.parked       quorum queue: messages given up on, with the error and the attempt
    retry.<delay>          fanout exchange and quorum queue of that time to live; what is published here with
                           routing key <queue> comes back to that queue, and to no other, when its time is over

Everything is durable, quorum or stream: RabbitMQ 3.10 to 4.x know these. What exists already is left alone, so a
broker user needs no permission to configure what somebody else declared. The permissions of a service's own user
(``configure``, ``write``, ``read``), when an administrator or the first start declared the shared parts:

    configure   ^<service>\.(events|parked)$
    write       ^(crm\.events|amq\.default|retry\..+|<service>\.(events|parked))$
    read        ^(crm\.events|<service>\.(events|parked))$
    topic       set_topic_permissions <user> crm.events "^crm\.<service>\." ".*"

``amq.default`` carries dead letters and re-sent messages. To declare the shared parts too, add ``crm\.events.*`` and
``retry\..+`` to configure, and ``crm\.events\.history`` and ``retry\..+`` to write and read. ``./trato events tail
--from`` needs read on ``crm.events.history``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from amqp.exceptions import AccessRefused, NotFound, PreconditionFailed

EXCHANGE: Final = "crm.events"
HISTORY: Final = "crm.events.history"
LADDER: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 300, 3600))

# A message that was handed out this often and came back each time ends in the parking queue. Restarts of the
# broker and of the consumer count too, so it is not small.
DELIVERY_LIMIT: Final = 20
# RabbitMQ 4 gives every quorum queue a limit and drops what passes it; looking into the parking queue is a
# delivery, and 3.10 does not know "-1, without limit".
NEVER: Final = 1_000_000_000

_HISTORY_ARGUMENTS: Final[Mapping[str, Any]] = {
    "x-queue-type": "stream",
    "x-max-age": "30D",
    "x-max-length-bytes": 5_000_000_000,
    "x-stream-max-segment-size-bytes": 50_000_000,
}


class TopologyMismatch(RuntimeError):
    """A queue or exchange exists with other arguments than ours."""


@dataclass(frozen=True)
class Ladder:
    """The growing delays between attempts; after the last one a message is parked."""

    delays: tuple[timedelta, ...] = field(default=LADDER)

    def names(self) -> list[str]:
        """Return the names of the retry exchanges and queues, shortest delay first."""
        return [rung(delay) for delay in self.delays]


STANDARD: Final = Ladder()


def events_queue(service: str) -> str:
    """Return the name of the queue that feeds a service's handlers."""
    return f"{service}.events"


def parking_queue(service: str) -> str:
    """Return the name of the queue of messages that a service gave up on."""
    return f"{service}.parked"


def rung(delay: timedelta) -> str:
    """Return the name of a retry exchange and its queue: ``retry.30s``, ``retry.5m``, ``retry.250ms``."""
    milliseconds = round(delay.total_seconds() * 1000)
    for size, unit in ((3_600_000, "h"), (60_000, "m"), (1000, "s")):
        if milliseconds % size == 0:
            return f"retry.{milliseconds // size}{unit}"
    return f"retry.{milliseconds}ms"


def queue_arguments(service: str) -> dict[str, Any]:
    """Return the arguments of a service's queue. Changing one needs a new queue name."""
    return {
        "x-queue-type": "quorum",
        "x-single-active-consumer": True,
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": parking_queue(service),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def declare_shared(connection: Any, ladder: Ladder) -> None:
    """Declare the exchange, the history stream and the retry ladder, where they are missing."""
    if not _exists(connection, EXCHANGE, exchange=True):
        _declare_exchange(connection, EXCHANGE, "topic")
    if not _exists(connection, HISTORY):
        _declare_queue(connection, HISTORY, dict(_HISTORY_ARGUMENTS))
        _bind(connection, HISTORY, EXCHANGE, "#")
    for name, delay in zip(ladder.names(), ladder.delays, strict=True):
        # The queue and its binding come after the exchange, so the exchange alone does not say that all is there.
        if not (_exists(connection, name, exchange=True) and _exists(connection, name)):
            _declare_exchange(connection, name, "fanout")
            _declare_queue(connection, name, _rung_arguments(delay))
            _bind(connection, name, name, "")


def declare_service(connection: Any, service: str, keys: Iterable[str], unheard: Iterable[str] = ()) -> None:
    """Declare a service's queue with its parking queue and bind it to the routing keys it listens to.

    ``unheard`` are keys it may have listened to once: their bindings are taken away, so that a removed handler
    leaves nothing behind. Raises ``TopologyMismatch``.
    """
    parking = {"x-queue-type": "quorum", "x-delivery-limit": NEVER}
    for name, arguments in (
        (parking_queue(service), parking),
        (events_queue(service), queue_arguments(service)),
    ):
        try:
            _declare_queue(connection, name, arguments)
        except AccessRefused:
            if not _exists(connection, name):
                raise
    with connection.channel() as channel:
        for key in sorted(keys):
            channel.queue_bind(events_queue(service), EXCHANGE, key)
        for key in sorted(set(unheard) - set(keys)):
            channel.queue_unbind(events_queue(service), EXCHANGE, key)


def _rung_arguments(delay: timedelta) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-message-ttl": round(delay.total_seconds() * 1000),
        "x-dead-letter-exchange": "",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-delivery-limit": NEVER,
    }


def _exists(connection: Any, name: str, *, exchange: bool = False) -> bool:
    try:
        with connection.channel() as channel:
            if exchange:
                channel.exchange_declare(name, "topic", passive=True)
            else:
                channel.queue_declare(name, passive=True)
    except NotFound:
        return False
    return True


def _declare_exchange(connection: Any, name: str, kind: str) -> None:
    try:
        with connection.channel() as channel:
            channel.exchange_declare(name, kind, durable=True, auto_delete=False)
    except PreconditionFailed as error:
        raise TopologyMismatch(
            f"The exchange {name} exists and is not a durable {kind} exchange: {error.reply_text}"
        ) from error


def _declare_queue(connection: Any, name: str, arguments: dict[str, Any]) -> None:
    try:
        with connection.channel() as channel:
            channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)
    except PreconditionFailed as error:
        raise TopologyMismatch(
            f"The queue {name} exists with other arguments than this version declares: {error.reply_text} "
            "Empty it and delete it, or start with a new virtual host."
        ) from error


def _bind(connection: Any, queue: str, exchange: str, key: str) -> None:
    with connection.channel() as channel:
        channel.queue_bind(queue, exchange, key)
