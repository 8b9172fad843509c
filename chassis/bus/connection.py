"""Opens a connection to the broker: py-amqp reaches the host, greets and declares."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import amqp
from amqp.exceptions import AMQPError
from amqp.method_framing import frame_writer

# What a broker that is away, or a line that is cut, looks like from here.
AWAY: Final = (OSError, AMQPError)
HEARTBEAT: Final = 10  # seconds, for calls; a peer that is silent for two of them is gone
CONNECT_TIMEOUT: Final = 5.0  # seconds for reaching the host
# Milliseconds that what was sent may stay unacknowledged. py-amqp's own 1,000 would drop a connection whenever
# the broker pauses its publishers.
USER_TIMEOUT: Final = 20_000
_TCP_USER_TIMEOUT: Final = 18  # the option's number on Linux


@dataclass(frozen=True, slots=True)
class Address:
    """Where the broker is and who we are there."""

    host: str
    port: int
    user: str
    password: str
    virtual_host: str
    has_tls: bool

    @classmethod
    def of(cls, url: str) -> "Address":
        """Read ``amqp://user:password@host:port/vhost``, or ``amqps://``."""
        parts = urlsplit(url)
        has_tls = parts.scheme == "amqps"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (5671 if has_tls else 5672),
            user=unquote(parts.username or "guest"),
            password=unquote(parts.password or "guest"),
            virtual_host=unquote(parts.path[1:]) or "/",
            has_tls=has_tls,
        )


def connect(
    url: str,
    name: str,
    *,
    heartbeat: int = 0,
    on_blocked: Callable[[bool], None] | None = None,
    writer: Callable[[Any, Any], Any] = frame_writer,
) -> Any:
    """Return an open py-amqp connection, called ``name`` in the broker's listings. Raise one of ``AWAY``.

    ``heartbeat`` in seconds is for connections that stay; ``on_blocked`` is told when the broker takes no messages
    and when it takes them again; ``writer`` may stand in for py-amqp's own.
    """
    address = Address.of(url)
    told = on_blocked or (lambda _: None)
    connection = amqp.Connection(
        host=f"{address.host}:{address.port}",
        userid=address.user,
        password=address.password,
        virtual_host=address.virtual_host,
        login_method="PLAIN",
        ssl={"server_hostname": address.host} if address.has_tls else False,
        connect_timeout=CONNECT_TIMEOUT,
        heartbeat=heartbeat,
        client_properties={"connection_name": name},
        socket_settings={_TCP_USER_TIMEOUT: USER_TIMEOUT},
        frame_writer=writer,
        on_blocked=lambda _: told(True),
        on_unblocked=lambda: told(False),
    )
    try:
        connection.connect()
    except BaseException:
        connection.collect()
        raise
    return connection


def let_go(connection: Any) -> None:
    """Close a connection without waiting for the broker, which may be gone or deaf."""
    with suppress(Exception):
        connection.collect()
