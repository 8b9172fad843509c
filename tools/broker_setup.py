"""Prepares a broker for production: a user per part with no more rights than it uses, and what all parts share."""

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from amqp import Connection

from chassis.bus import topology
from tools.broker_management import Management
from tools.broker_rights import RPC_EXCHANGE, SUBSCRIBER, rights_of_gateway, rights_of_service


def main() -> int:
    """Create or renew every user whose password is in the environment; may be repeated."""
    url = urlsplit(os.environ["BROKER_URL"])
    user, password, vhost = unquote(url.username or ""), unquote(url.password or ""), unquote(url.path.lstrip("/"))
    management = Management(os.environ["BROKER_MANAGEMENT"], user, password, vhost)
    management.wait()
    users = {"gateway": rights_of_gateway()} | {name: rights_of_service(name) for name in _services()}
    known = management.tags()
    if taken := sorted(name for name in users if SUBSCRIBER in known.get(name, ())):
        sys.stderr.write(f"A subscriber of another department is called {', '.join(taken)}: remove it first.\n")
        return 1
    # RabbitMQ 4 grants topic rights only on an exchange that is there.
    declare(url.hostname or "", url.port or 5672, user, password, vhost)
    for name, rights in users.items():
        management.make_user(name, os.environ[f"{name.upper()}_BROKER_PASSWORD"], "", known=name in known)
        management.grant(name, rights)
    sys.stdout.write(f"broker ready for {', '.join(users)}\n")
    return 0


def declare(host: str, port: int, user: str, password: str, vhost: str) -> None:
    """Declare the exchanges, the history stream and the retry ladder, so that no service needs the right to."""
    with Connection(f"{host}:{port}", userid=user, password=password, virtual_host=vhost) as connection:
        topology.declare_shared(connection, topology.Ladder())
        with connection.channel() as channel:
            channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)


def _services() -> list[str]:
    root = Path(__file__).resolve().parents[1]
    return sorted(found.parent.name for found in root.glob("services/*/service.py"))


if __name__ == "__main__":
    sys.exit(main())
