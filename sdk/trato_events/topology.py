r"""What a subscription has at the broker, all under its own name, so that its credentials need no other right.

    crm.events                       the suite's topic exchange: every event; only read
    crm.events.history               the suite's stream of what was told before; only read
    <name>.subscription              quorum queue, one active consumer: what is to be handled
    <name>.subscription-parked       quorum queue: what was given up on, with its error
    <name>.subscription              direct exchange that leads to these two queues and nowhere else
    <name>.subscription-replaying    exists while one process reads the history: others wait
    <name>.once-<random>             lives as long as one connection

The rights of the user ``billing``: configure and write ``^billing\..+$``, read
``^(crm\.events|crm\.events\.history|billing\..+)$``. Everything is durable, quorum or exclusive: RabbitMQ 3.10 to 4.x.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from pika.exceptions import ChannelClosedByBroker

EXCHANGE = "crm.events"
HISTORY = "crm.events.history"

# What was handed out this often and came back each time, because the program died each time, is parked by the broker.
DELIVERY_LIMIT = 50
# RabbitMQ 4 gives every quorum queue a limit; looking at what is parked counts as a delivery.
NEVER = 1_000_000_000
_PRECONDITION_FAILED = 406


class TopologyMismatch(RuntimeError):
    """A queue of this name exists with other arguments."""


def queue(name: str) -> str:
    """Return the name of a subscription's queue, which is also that of its exchange."""
    return f"{name}.subscription"


def parking(name: str) -> str:
    """Return the name of the queue of what was given up on."""
    return f"{name}.subscription-parked"


def replaying(name: str) -> str:
    """Return the name of the queue that says that somebody reads the history for this subscription."""
    return f"{name}.subscription-replaying"


def once(name: str) -> str:
    """Return a new name for a queue of one connection."""
    return f"{name}.once-{uuid.uuid4().hex}"


def declare(channel: Any, name: str, wanted: Iterable[str], unwanted: Iterable[str] = ()) -> None:
    """Declare a subscription, bind it to the routing keys wanted and unbind it from those no longer wanted."""
    exchange = queue(name)
    channel.exchange_declare(exchange, "direct", durable=True)
    _declare(channel, parking(name), {"x-queue-type": "quorum", "x-delivery-limit": NEVER})
    _declare(
        channel,
        queue(name),
        {
            "x-queue-type": "quorum",
            "x-single-active-consumer": True,
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": exchange,
            "x-dead-letter-routing-key": parking(name),
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )
    for each in (queue(name), parking(name)):
        channel.queue_bind(each, exchange, each)
    for key in wanted:
        channel.queue_bind(queue(name), EXCHANGE, key)
    for key in unwanted:
        channel.queue_unbind(queue(name), EXCHANGE, key)


def _declare(channel: Any, name: str, arguments: dict[str, Any]) -> None:
    try:
        channel.queue_declare(name, durable=True, arguments=arguments)
    except ChannelClosedByBroker as error:
        if error.reply_code == _PRECONDITION_FAILED:
            raise TopologyMismatch(f"The queue {name} exists with other arguments: {error.reply_text}") from error
        raise
