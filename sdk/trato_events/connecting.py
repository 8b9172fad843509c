"""How a connection is made, and in which words a refusal is told."""

from typing import Any

import pika
from pika.exceptions import (
    AMQPConnectionError,
    AMQPError,
    AuthenticationError,
    ChannelClosedByBroker,
    ConnectionClosedByBroker,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

# What is raised where the broker cannot be reached, or is lost.
AWAY = (AMQPError, OSError)
_DENIED = (AuthenticationError, ProbableAuthenticationError, ProbableAccessDeniedError)
NOT_FOUND = 404
ACCESS_REFUSED = 403
_NOT_ALLOWED, _LOCKED = 530, 405


class Refused(RuntimeError):
    """The broker answers, and says no: trying again is of no use. The text is a sentence."""


def connect(url: str, purpose: str) -> Any:
    """Return a blocking connection, named in the broker's list. Raise ``Refused``, or one of ``AWAY``."""
    parameters = pika.URLParameters(url)
    parameters.client_properties = {"connection_name": purpose}
    # Once: waiting and trying again is the caller's, who can be told to stop.
    parameters.connection_attempts = 1
    parameters.heartbeat = 30
    parameters.blocked_connection_timeout = 300
    try:
        return pika.BlockingConnection(parameters)
    except AMQPConnectionError as error:
        if refusal := refused(error):
            raise refusal from error
        raise


def refused(error: BaseException) -> Refused | None:
    """Return the sentence for an error that will not go away by itself, or None."""
    if isinstance(error, _DENIED):
        return Refused("The broker refuses these credentials, or does not let this user into the virtual host.")
    if isinstance(error, ChannelClosedByBroker | ConnectionClosedByBroker):
        if error.reply_code == ACCESS_REFUSED:
            return Refused(f"This user may not do that at the broker: {error.reply_text}")
        if error.reply_code == NOT_FOUND:
            return Refused(f"The suite has not declared this yet, start it once: {error.reply_text}")
        if error.reply_code == _NOT_ALLOWED:
            return Refused(f"The broker does not allow that: {error.reply_text}")
    return None


def locked(error: BaseException) -> bool:
    """Whether another connection holds an exclusive queue."""
    return isinstance(error, ChannelClosedByBroker) and error.reply_code == _LOCKED
