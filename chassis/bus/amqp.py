"""Publishes messages over a line of its own, and knows which of them the broker has confirmed."""

import itertools
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import amqp
from amqp import spec
from amqp.method_framing import frame_writer

from chassis.bus.connection import connect, let_go

CONFIRM_TIMEOUT: Final = 15.0
# How long a broker's alarm (memory, disk) may hold our messages before we let go and try again.
BLOCKED_TIMEOUT: Final = 300.0


class NotConfirmed(ConnectionError):
    """The broker refused a message, sent it back or did not confirm it in time."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to publish. ``properties`` are AMQP's; it is persistent in any case."""

    exchange: str
    routing_key: str
    body: bytes
    properties: Mapping[str, Any] = field(default_factory=dict)


class _Gate:
    """Stands before a connection's transport and, while shut, collects what is written.

    A batch then leaves in one system call; one per message would cost more than all the rest.
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._held: list[bytes] | None = None

    def write(self, data: Any) -> None:
        """Take what py-amqp writes; it uses its buffer again, so what is held is a copy."""
        if self._held is None:
            self._transport.write(data)
        else:
            self._held.append(bytes(data))

    def shut(self) -> None:
        """Collect from now on."""
        self._held = []

    def open(self) -> None:
        """Send what was collected, and write through from now on."""
        held, self._held = self._held, None
        if held:
            self._transport.write(b"".join(held))


def _gated_writer(connection: Any, transport: Any) -> Any:
    connection.gate = _Gate(transport)
    return frame_writer(connection, connection.gate)


class Line:
    """A connection on which messages are published, persistent and in order, and the broker's word on each of them."""

    def __init__(self, url: str, name: str, *, prepare: Callable[[Any], None] | None = None) -> None:
        """``prepare`` is called with each new connection, to declare what will be published to."""
        self._url, self._name, self._prepare = url, name, prepare
        self._connection: Any = None
        self._channel: Any = None
        self._sent = 0
        self._unconfirmed: dict[int, int] = {}  # the keys of what was sent, by delivery tag, in order
        self._confirmed: list[int] = []
        self._refused = self._blocked = False
        self._returned: list[str] = []
        self._heard_at = 0.0  # when the broker last confirmed something, or had nothing to confirm

    def close(self) -> None:
        """Let go of the connection; what is sent next opens another."""
        connection, self._connection, self._channel = self._connection, None, None
        self._unconfirmed.clear()
        self._returned.clear()
        self._sent, self._refused, self._blocked = 0, False, False
        if connection is not None:
            let_go(connection)

    def _open(self) -> Any:
        if self._channel is None or self._connection is None or not self._connection.connected:
            self.close()
            self._connection = connect(self._url, self._name, on_blocked=self._on_blocked, writer=_gated_writer)
            if self._prepare is not None:
                self._prepare(self._connection)
            self._channel = channel = self._connection.channel()
            channel.confirm_select()
            channel.events["basic_ack"].add(self._on_ack)
            channel.events["basic_nack"].add(self._on_nack)
            channel.events["basic_return"].add(self._on_return)
        return self._channel

    def _write(self, messages: Iterable[tuple[int, Message]], *, mandatory: bool = False) -> None:
        """Send messages, each under the key by which it is known when it is confirmed."""
        channel = self._open()
        if not self._unconfirmed:
            self._heard_at = time.monotonic()
        self._connection.gate.shut()
        for key, message in messages:
            self._sent += 1
            self._unconfirmed[self._sent] = key
            content = amqp.Message(message.body, delivery_mode=2, **message.properties)
            # py-amqp's own method waits for each confirm, or reads the socket before each message.
            channel.send_method(
                spec.Basic.Publish, "Bssbb", (0, message.exchange, message.routing_key, mandatory, False), content
            )
        self._connection.gate.open()

    def _left(self) -> float:
        """Return for how many seconds we may still wait for the broker, 0 for nothing. Raise ``NotConfirmed``."""
        if self._refused:
            raise NotConfirmed("the broker refused a message: a queue is full or out of order")
        if not self._unconfirmed:
            if self._returned:
                raise NotConfirmed(self._returned.pop())
            return 0.0
        left = self._heard_at + CONFIRM_TIMEOUT + (BLOCKED_TIMEOUT if self._blocked else 0) - time.monotonic()
        if left <= 0:
            raise NotConfirmed(f"{len(self._unconfirmed)} messages were not confirmed in time")
        return left

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._heard_at = time.monotonic()
        tags = list(itertools.takewhile(lambda each: each <= tag, self._unconfirmed)) if multiple else [tag]
        self._confirmed.extend(self._unconfirmed.pop(each) for each in tags if each in self._unconfirmed)

    def _on_nack(self, *_: object) -> None:
        self._refused = True

    def _on_return(self, _error: Exception, exchange: str, key: str, _message: object) -> None:
        self._returned.append(f"no queue takes {key} from {exchange or 'the default exchange'}")

    def _on_blocked(self, now: bool) -> None:
        self._blocked, self._heard_at = now, time.monotonic()


class Publisher(Line):
    """Publishes messages and waits until the broker has confirmed them. For one greenthread at a time."""

    def publish(self, messages: Iterable[Message], *, mandatory: bool = False) -> None:
        """Send ``messages`` in order; return when all are confirmed.

        With ``mandatory`` a message that reaches no queue counts as not confirmed. Raises ``NotConfirmed`` or one
        of ``connection.AWAY``; then some may have been delivered, and all may be published again.
        """
        try:
            self._write(((0, message) for message in messages), mandatory=mandatory)
            while self._left():
                self._connection.drain_events(timeout=self._left())
            self._confirmed.clear()
        except BaseException:
            self.close()
            raise

    def count(self, queue: str) -> int:
        """Return how many messages wait in a queue that exists. Raise one of ``connection.AWAY``."""
        try:
            return int(self._open().queue_declare(queue, passive=True).message_count)
        except BaseException:
            self.close()
            raise
