"""Makes nameko's own consumer, which any stock entrypoint still uses, outlive a lost connection and a stop."""

import logging
from collections.abc import Callable
from typing import Any

from amqp.exceptions import AMQPError
from nameko.messaging import QueueConsumer

log = logging.getLogger(__name__)


def harden() -> None:
    """Change ``QueueConsumer`` for the whole process; call it once, before services start. Twice does no harm.

    Stock, an acknowledgement on a connection that is gone ends the process, and a stop closes the connection under
    the handlers that still run, so that every one of their messages is handled again.
    """
    QueueConsumer.ack_message = _surviving("ack")
    QueueConsumer.requeue_message = _surviving("requeue")
    QueueConsumer.on_iteration = _end_when_all_is_done


def _surviving(action: str) -> Callable[[Any, Any], None]:
    def act(_consumer: Any, message: Any) -> None:
        if message.channel is None or not message.channel.connection:
            return  # the broker has taken it back already
        try:
            getattr(message, action)()
        except (OSError, AMQPError) as error:
            log.warning("%s failed, the broker will deliver the message again: %r", action, error)

    return act


def _end_when_all_is_done(consumer: Any) -> None:
    """Stop reading only when no handler runs any more."""
    consumer._cancel_consumers_if_requested()  # noqa: SLF001 - the method that this one replaces calls it too
    container = consumer.container
    busy = container._worker_threads or container._worker_pool.waiting()  # noqa: SLF001 - nameko shows it nowhere else
    if not consumer._consumers and not busy:  # noqa: SLF001
        consumer.should_stop = True
