"""Opens a connection to the broker; py-amqp greets and declares, then the socket is ours."""

from typing import Any
from urllib.parse import unquote, urlsplit

import amqp

HEARTBEAT = 10  # seconds; a peer that is silent for two of them is gone


def connect(url: str, *, name: str, timeout: float = 5.0, heartbeat: int = HEARTBEAT) -> Any:
    """Return an open ``amqp.Connection``. Raises ``OSError`` or ``amqp.AMQPError``.

    ``timeout`` in seconds is for reaching the host; ``name`` is what the broker's operators see.
    """
    parts = urlsplit(url)
    connection = amqp.Connection(
        host=f"{parts.hostname or 'localhost'}:{parts.port or (5671 if parts.scheme == 'amqps' else 5672)}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) or "/",
        login_method="PLAIN",
        ssl={"server_hostname": parts.hostname} if parts.scheme == "amqps" else False,
        connect_timeout=timeout,
        heartbeat=heartbeat,
        client_properties={"connection_name": name},
        # py-amqp's own 1 s would drop a connection whenever the broker pauses its publishers
        socket_settings={_USER_TIMEOUT: 20_000},
    )
    try:
        connection.connect()
    except BaseException:
        connection.collect()
        raise
    return connection


_USER_TIMEOUT = 18  # TCP_USER_TIMEOUT on Linux, in milliseconds
