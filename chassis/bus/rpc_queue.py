"""The queue that all processes of a service share, and how a process joins and leaves it.

It is deleted by the broker the moment its last consumer is gone, however that happens, so that calls to a service
that does not run are returned at once instead of waiting for nobody.
"""

import logging
import time
from typing import Any, Final

from eventlet import Timeout

from chassis.bus.connection import connect, let_go
from chassis.bus.rpc_acks import Acks
from chassis.bus.rpc_link import REPLIES, REQUESTS, Arrived, Link
from chassis.bus.rpc_request import Request, from_message
from chassis.bus.wire import EXCHANGE, queue_of

log = logging.getLogger(__name__)

EXPIRES: Final = 5_000  # ms; for a queue that lost its consumers while the broker was down
CONSUMER: Final = "calls"
OPENING: Final = 10.0  # seconds for greeting and declaring
TAKING_OVER: Final = 5.0  # seconds for fetching what waits in the queue of the last process


def join(url: str, service: str, *, prefetch: int, heartbeat: int, arrived: Arrived) -> Link:
    """Return an open link that receives the calls of ``service``. Raises ``OSError``, ``AMQPError``, ``Timeout``."""
    with Timeout(OPENING):
        connection = connect(url, name=f"{service} calls", heartbeat=heartbeat)
        try:
            channel = connection.channel(REQUESTS)
            connection.channel(REPLIES)
            _declare(channel, service)
            channel.basic_qos(0, prefetch, a_global=False)
            channel.basic_consume(queue_of(service), consumer_tag=CONSUMER)
        except BaseException:
            connection.collect()
            raise
    transport = connection.transport
    sock, transport.sock = transport.sock, None
    acks = Acks(REQUESTS, max(1, prefetch // 4))
    return Link(sock, bytes(transport._read_buffer), heartbeat=heartbeat, acks=acks, arrived=arrived)  # noqa: SLF001 - py-amqp has no other way


def waiting_calls(url: str, service: str) -> list[Request]:
    """Return the calls that nobody but this process would answer, taken off the queue. Never raises."""
    found: list[Request] = []
    try:
        with Timeout(TAKING_OVER):
            connection = connect(url, name=f"{service} stopping", heartbeat=0)
            try:
                _take_all(connection.channel(), service, found)
            finally:
                let_go(connection)  # a broker that hangs would not say goodbye
    except (Exception, Timeout) as error:  # noqa: BLE001 - stopping goes on whatever the broker says
        log.warning("could not fetch the calls that wait for %s: %r", service, error)
    return found


def _declare(channel: Any, service: str) -> None:
    channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
    channel.queue_declare(queue_of(service), durable=True, auto_delete=True, arguments={"x-expires": EXPIRES})
    channel.queue_bind(queue_of(service), EXCHANGE, f"{service}.*")


def _take_all(channel: Any, service: str, found: list[Request]) -> None:
    _, _, consumers = channel.queue_declare(queue_of(service), passive=True)
    if consumers > 1:
        return
    while (message := channel.basic_get(queue_of(service), no_ack=True)) is not None:
        found.append(from_message(message, time.time()))
