"""pika's connection as callers use it: our heartbeat, time limits and TLS, and few system calls for many messages."""

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pika
from pika.adapters.select_connection import SelectConnection

from chassis.bus.connection import CONNECT_TIMEOUT, HEARTBEAT, USER_TIMEOUT, Address

GREETING: Final = 10.0  # seconds for reaching the host, TLS and AMQP together

# It tells a lost connection in ten lines with their tracebacks; ours is one.
logging.getLogger("pika").setLevel(logging.CRITICAL)


class PikaConnection(SelectConnection):
    """pika's own, on a ``SharedLoop``."""

    _gathered: list[bytes] | None = None

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Send what is written inside in one system call at the end; pika's way costs three a message."""
        self._gathered = []
        try:
            yield
        finally:
            gathered, self._gathered = self._gathered, None
            if gathered and self._transport is not None:
                with self.ioloop.eager():
                    super()._adapter_emit_data(b"".join(gathered))

    def abort(self) -> None:
        """End it without the broker's consent; ``on_close_callback`` is called soon."""
        if not self.is_closed:
            self._terminate_stream(ConnectionAbortedError("ended by us"))

    def _adapter_emit_data(self, data: bytes) -> None:
        if self._gathered is None:
            super()._adapter_emit_data(data)
        else:
            self._gathered.append(data)


def parameters(url: str, name: str) -> pika.ConnectionParameters:
    """Return what pika must know; ``name`` is what the broker's operators see."""
    address = Address.of(url)
    return pika.ConnectionParameters(
        host=address.host,
        port=address.port,
        virtual_host=address.virtual_host,
        credentials=pika.PlainCredentials(address.user, address.password),
        ssl_options=pika.SSLOptions(ssl.create_default_context(), address.host) if address.has_tls else None,
        heartbeat=HEARTBEAT,
        connection_attempts=1,
        socket_timeout=CONNECT_TIMEOUT,
        stack_timeout=GREETING,
        client_properties={"connection_name": name},
        tcp_options={"TCP_USER_TIMEOUT": USER_TIMEOUT},
    )
