"""Finds queues and bindings of services that are no more: nobody empties them, and they grow.

AMQP cannot list queues. With RabbitMQ's management API everything is found; without it, the queues of the services
in ``services_that_were.txt`` and of those named. Bindings of services that run are put right when they start.
"""

import base64
import json
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from amqp.exceptions import NotFound

from chassis.bus import topology
from chassis.bus.connection import connect, let_go

LIST = Path(__file__).with_name("services_that_were.txt")
_SUFFIXES = (".events", ".parked")


def orphans(
    broker_url: str, listening: set[str], *, management: str | None, named: list[str], delete: bool
) -> list[str]:
    """Return the queues that no service in ``listening`` owns, each with its messages; delete them where asked."""
    ours = {name for each in listening for name in (topology.events_queue(each), topology.parking_queue(each))}
    if management:
        known = _listed(management, unquote(urlsplit(broker_url).path[1:]) or "/")
    else:
        gone = [*named, *(text for text in LIST.read_text().split("\n") if text and not text.startswith("#"))]
        known = {f"{name}{suffix}" for name in gone for suffix in _SUFFIXES}
    candidates = sorted(name for name in known - ours if name.endswith(_SUFFIXES) and not name.startswith("crm."))
    connection = connect(broker_url, "trato events orphans")
    try:
        return [text for name in candidates if (text := _look(connection, name, delete=delete))]
    finally:
        let_go(connection)


def _look(connection: Any, queue: str, *, delete: bool) -> str | None:
    try:
        with connection.channel() as channel:
            messages = channel.queue_declare(queue, passive=True).message_count
            if delete:
                channel.queue_delete(queue)
    except NotFound:
        return None
    return f"{queue}  {messages} messages"


def _listed(management: str, vhost: str) -> set[str]:
    parts = urlsplit(management)
    address = f"{parts.scheme}://{parts.hostname}:{parts.port or 15672}/api/queues/{quote(vhost, safe='')}?columns=name"
    login = base64.b64encode(f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()).decode()
    request = urllib.request.Request(address, headers={"Authorization": f"Basic {login}"})  # noqa: S310 - our broker
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our broker
        return {each["name"] for each in json.load(answer)}
