"""Prepares a broker for production: a user per part with no more rights than it uses, and what all parts share."""

import base64
import json
import os
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from amqp import Connection

from chassis.bus import topology

_RPC_EXCHANGE = "nameko-rpc"
_PATIENCE_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Rights:
    """What one user may configure, write and read, and under which routing keys it may publish events."""

    configure: str
    write: str
    read: str
    publishes: str


def rights_of_service(name: str) -> Rights:
    """Return the rights of a service: its own queues, the retry ladder, its own events.

    Every nameko client declares the RPC exchange, existing or not, for which it must be allowed to configure it.
    """
    own = rf"{name}\.(events|parked)|rpc-{name}"
    return Rights(
        configure=rf"^({_RPC_EXCHANGE}|{own})$",
        write=rf"^(crm\.events|{_RPC_EXCHANGE}|amq\.default|retry\..+|{own})$",
        read=rf"^(crm\.events|{_RPC_EXCHANGE}|{own})$",
        publishes=rf"^crm\.{name}\.",
    )


def rights_of_gateway() -> Rights:
    """Return the rights of the gateway: it asks every service and listens to every event, and tells none."""
    return Rights(
        configure=rf"^({_RPC_EXCHANGE}|amq\.gen-.*)$",
        write=rf"^({_RPC_EXCHANGE}|amq\.gen-.*)$",
        read=r"^(crm\.events|amq\.gen-.*)$",
        publishes="^$",
    )


def main() -> int:
    """Create or renew every user whose password is in the environment; may be repeated."""
    url = urlsplit(os.environ["BROKER_URL"])
    management = Management(os.environ["BROKER_MANAGEMENT"], url.username or "", url.password or "")
    vhost = url.path.lstrip("/")
    management.wait()
    users = {"gateway": rights_of_gateway()} | {name: rights_of_service(name) for name in _services()}
    for name, rights in users.items():
        management.put(f"users/{name}", {"password": os.environ[f"{name.upper()}_BROKER_PASSWORD"], "tags": ""})
        granted = {"configure": rights.configure, "write": rights.write, "read": rights.read}
        management.put(f"permissions/{quote(vhost, safe='')}/{name}", granted)
        topic = {"exchange": topology.EXCHANGE, "write": rights.publishes, "read": ".*"}
        management.put(f"topic-permissions/{quote(vhost, safe='')}/{name}", topic)
    declare(url.hostname or "", url.port or 5672, url.username or "", url.password or "", vhost)
    sys.stdout.write(f"broker ready for {', '.join(users)}\n")
    return 0


def declare(host: str, port: int, user: str, password: str, vhost: str) -> None:
    """Declare the exchanges, the history stream and the retry ladder, so that no service needs the right to."""
    with Connection(f"{host}:{port}", userid=user, password=password, virtual_host=vhost) as connection:
        topology.declare_shared(connection, topology.Ladder())
        with connection.channel() as channel:
            channel.exchange_declare(_RPC_EXCHANGE, "topic", durable=True, auto_delete=False)


class Management:
    """RabbitMQ's management API, as far as it is needed here."""

    def __init__(self, address: str, user: str, password: str) -> None:
        self._address = address
        self._credentials = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")

    def wait(self) -> None:
        """Return when the API answers, a little after the broker itself; raises ``OSError`` when it never does."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                self._send("GET", "whoami", None)
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(1)
            else:
                return

    def put(self, path: str, content: dict[str, str]) -> None:
        """Create or replace what is at ``path``."""
        self._send("PUT", path, json.dumps(content).encode())

    def _send(self, method: str, path: str, body: bytes | None) -> None:
        headers = {"Authorization": f"Basic {self._credentials}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._address}/api/{path}", body, headers, method=method)  # noqa: S310 - our broker
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - our broker
            pass


def _services() -> list[str]:
    root = Path(__file__).resolve().parents[1]
    return sorted(found.parent.name for found in root.glob("services/*/service.py"))


if __name__ == "__main__":
    sys.exit(main())
