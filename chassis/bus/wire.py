"""The JSON that calls, answers and refusals are made of; nameko's own, so that any nameko client reads it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from chassis.errors import Refusal

EXCHANGE: Final = "nameko-rpc"
DIRECT_REPLY: Final = "amq.rabbitmq.reply-to"
REFUSAL: Final = f"{Refusal.__module__}.{Refusal.__qualname__}"

_START: Final = b'{"result":'
_END: Final = b',"error":null}'


class Answer(NamedTuple):
    """What an operation answers: JSON that is already written, and headers beside it."""

    body: bytes
    headers: Mapping[str, str]


class NotAnAnswer(ValueError):
    """The reply is not nameko's ``{"result": …, "error": …}``."""


def queue_of(service: str) -> str:
    """Return the name of the queue that all processes of a service share."""
    return f"rpc-{service}"


def request(args: Sequence[str], kwargs: Mapping[str, Any]) -> bytes:
    """Return the body of a call."""
    return orjson.dumps({"args": args, "kwargs": kwargs})


def success(body: bytes) -> bytes:
    """Wrap a result that is already JSON, without reading it."""
    return b"".join((_START, body, _END))


def failure(error: BaseException) -> bytes:
    """Return the reply that makes a nameko client raise ``error``, or a ``RemoteError`` that names it."""
    refused = isinstance(error, Refusal)
    told = {
        "exc_type": "Refusal" if refused else type(error).__name__,
        "exc_path": REFUSAL if refused else f"{type(error).__module__}.{type(error).__qualname__}",
        "exc_args": list(error.args) if refused else [str(argument) for argument in error.args],
        "value": error.args[2] if isinstance(error, Refusal) else str(error),
    }
    return orjson.dumps({"result": None, "error": told}, default=str)


def opened(reply: bytes) -> tuple[bytes, dict[str, Any] | None]:
    """Return a reply's result as JSON and its error, if there is one. Our own services' results stay unread.

    Raises ``NotAnAnswer`` for anything else.
    """
    if reply.startswith(_START) and reply.endswith(_END):
        return reply[len(_START) : -len(_END)], None
    try:
        read = orjson.loads(reply)
        error = read["error"]
        return orjson.dumps(read["result"]), error or None
    except (ValueError, KeyError, TypeError) as problem:
        raise NotAnAnswer(reply[:80].decode(errors="replace")) from problem
