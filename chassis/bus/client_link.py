"""One connection for calls: pika, used in turn by the threads that send and by the one that receives."""

import logging
from collections import deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from pika import BasicProperties
from pika.exceptions import AMQPError

from chassis.bus.client_call import PendingCall
from chassis.bus.client_errors import ServiceDown
from chassis.bus.client_loop import SharedLoop
from chassis.bus.client_pika import PikaConnection, parameters
from chassis.bus.wire import DIRECT_REPLY, EXCHANGE

log = logging.getLogger(__name__)

CHANNEL: Final = 1
CLOSING: Final = 1.0  # seconds for a broker to return our goodbye


class LinkLost(ConnectionError):
    """The connection to the broker ended."""


class Message(NamedTuple):
    """A call as it is sent; ``key`` is its correlation id."""

    key: str
    operation: str
    properties: BasicProperties
    body: bytes


class Link:
    """One connection, from ``run`` until it ends. Answers go to the calls in ``waiting`` by their correlation ids."""

    def __init__(self, url: str, name: str, waiting: dict[str, PendingCall], opened: Callable[[], None]) -> None:
        self._waiting, self._opened = waiting, opened
        self._outgoing: deque[Message] = deque()
        self._may_send = self._is_over = False
        self._why: BaseException | None = None
        self._channel: Any = None
        self._loop = SharedLoop(self._flush, self._is_quiet)
        self._connection = PikaConnection(
            parameters(url, name),
            on_open_callback=self._on_open,
            on_open_error_callback=self._on_end,
            on_close_callback=self._on_end,
            custom_ioloop=self._loop,
        )

    def run(self) -> BaseException | None:
        """Connect, send and receive until the connection ends; return why it did."""
        try:
            self._loop.start()
        finally:
            self._is_over = True
            self._loop.close()
        return self._why

    def send(self, message: Message) -> None:
        """Send a message, with those of other threads; while the broker takes none, later if the call still waits then.

        For any thread. Raises ``LinkLost``.
        """
        self._outgoing.append(message)
        self._flush()
        if self._is_over:
            raise LinkLost

    def lead(self, has_arrived: Callable[[], bool], until: float) -> None:
        """Receive in the caller's thread, see ``SharedLoop.lead``."""
        self._loop.lead(has_arrived, until)

    def close(self) -> None:
        """Say goodbye; ``run`` returns soon. For any thread."""
        self._loop.add_callback_threadsafe(self._say_goodbye)

    def _is_quiet(self) -> bool:
        return self._may_send and not self._waiting

    def _flush(self) -> None:
        while self._outgoing and self._may_send:
            if not self._loop.turn.acquire(blocking=False):
                return  # whoever has the turn looks again after it
            try:
                self._send_all()
            finally:
                self._loop.turn.release()

    def _send_all(self) -> None:
        if not self._may_send:
            return
        outgoing, waiting, publish = self._outgoing, self._waiting, self._channel.basic_publish
        with self._connection.gathering():
            while outgoing:
                key, operation, properties, body = outgoing.popleft()
                if key not in waiting:
                    continue  # its caller has given up
                try:
                    publish(EXCHANGE, operation, body, properties, mandatory=True)
                except (AMQPError, ValueError, AttributeError) as error:  # a header that AMQP cannot hold
                    self._fail(key, error)

    def _on_open(self, connection: PikaConnection) -> None:
        connection.add_on_connection_blocked_callback(self._on_blocked)
        connection.add_on_connection_unblocked_callback(self._on_unblocked)
        connection.channel(CHANNEL, on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._on_channel_closed)
        channel.add_on_cancel_callback(self._on_cancel)
        channel.add_on_return_callback(self._on_return)
        channel.exchange_declare(EXCHANGE, "topic", durable=True, callback=self._on_exchange)

    def _on_exchange(self, _frame: Any) -> None:
        self._channel.basic_consume(DIRECT_REPLY, self._on_reply, auto_ack=True, callback=self._on_consuming)

    def _on_consuming(self, _frame: Any) -> None:
        self._may_send = True
        self._opened()

    def _on_reply(self, _channel: Any, _method: Any, properties: Any, body: bytes) -> None:
        pending = self._waiting.pop(properties.correlation_id, None)
        if pending is not None:  # otherwise it came after its deadline
            pending.answered(body, properties.headers or {})

    def _on_return(self, _channel: Any, method: Any, properties: Any, _body: bytes) -> None:
        self._fail(properties.correlation_id, ServiceDown(service=method.routing_key.partition(".")[0]))

    def _fail(self, key: str, error: Exception) -> None:
        pending = self._waiting.pop(key, None)
        if pending is not None:
            pending.failed(error)

    def _on_blocked(self, _connection: Any, _frame: Any) -> None:
        log.warning("the broker takes no messages now")
        self._may_send = False

    def _on_unblocked(self, _connection: Any, _frame: Any) -> None:
        self._may_send = True

    def _on_channel_closed(self, _channel: Any, why: BaseException) -> None:
        if self._connection.is_open:  # otherwise it ends already, and its channels with it
            self._end(why)

    def _on_cancel(self, _frame: Any) -> None:
        self._end(LinkLost("the broker ended the consumer of replies"))

    def _end(self, why: BaseException) -> None:
        self._why, self._may_send = why, False
        self._connection.abort()

    def _say_goodbye(self) -> None:
        self._may_send = False
        if not (self._connection.is_closing or self._connection.is_closed):
            self._connection.close()
            self._loop.call_later(CLOSING, self._connection.abort)

    def _on_end(self, _connection: Any, why: BaseException) -> None:
        self._why, self._may_send = self._why or why, False
        self._loop.stop()
