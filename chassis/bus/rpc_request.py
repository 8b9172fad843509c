"""One call as a service receives it, and until when it may be executed."""

from dataclasses import dataclass
from struct import Struct
from typing import Any

from chassis.bus.rpc_frames import Incoming, read_properties, short
from chassis.bus.wire import DIRECT_REPLY, EXCHANGE

DEADLINE = "nameko.deadline"

_DELIVERED = Struct(">QB")


@dataclass(slots=True)
class Request:
    """A call that waits or runs. ``tag`` is None when there is nothing to acknowledge."""

    method: str
    headers: dict[str, Any]
    correlation_id: bytes
    reply_to: bytes
    deadline: float | None
    body: bytes
    tag: int | None
    redelivered: bool

    @property
    def reply_exchange(self) -> str:
        """The exchange through which the caller is reached: the default one for direct replies."""
        return "" if self.reply_to.startswith(_DIRECT, 1) else EXCHANGE


def delivery_tag(incoming: Incoming) -> int:
    """Return the number by which a delivery is acknowledged."""
    tag: int = _DELIVERED.unpack_from(incoming.method, 5 + incoming.method[4])[0]
    return tag


def from_delivery(incoming: Incoming, now: float) -> Request:
    """Read a delivery that arrived at ``now``, in epoch seconds. Raises ``ValueError`` for what nobody can read."""
    method, at = incoming.method, 5 + incoming.method[4]
    tag, redelivered = _DELIVERED.unpack_from(method, at)
    at += 9
    at += 1 + method[at]  # the exchange
    routing_key = method[at + 1 :]
    headers, correlation_id, reply_to, expiration = read_properties(incoming.properties)
    return Request(
        routing_key.decode().partition(".")[2],
        headers,
        correlation_id or b"\0",
        reply_to,
        _deadline(headers, expiration, now),
        incoming.body,
        tag,
        redelivered != 0,
    )


def from_message(message: Any, now: float) -> Request:
    """Read a message that py-amqp fetched at ``now``, in epoch seconds."""
    properties, body = message.properties, message.body
    headers = dict(properties.get("application_headers") or {})
    return Request(
        message.delivery_info["routing_key"].partition(".")[2],
        headers,
        short(properties.get("correlation_id") or ""),
        short(properties.get("reply_to") or ""),
        _deadline(headers, (properties.get("expiration") or "").encode(), now),
        body if isinstance(body, bytes) else body.encode(),
        None,
        bool(message.delivery_info["redelivered"]),
    )


def _deadline(headers: dict[str, Any], expiration: bytes, now: float) -> float | None:
    """The caller's own word, or for callers who give none the time that their message had left."""
    try:
        if DEADLINE in headers:
            return float(headers[DEADLINE])
        return now + int(expiration) / 1000 if expiration else None
    except ValueError:
        return None


_DIRECT = DIRECT_REPLY.encode()
