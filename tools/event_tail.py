"""Shows events as they pass, and from the history stream before; plain pika, as any program outside would."""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import pika

from chassis.bus.topology import EXCHANGE, HISTORY
from chassis.routing_keys import fits

Show = Callable[[dict[str, Any]], None]


def tail(broker_url: str, *, pattern: str, start: str | datetime | None, subject: str | None, raw: bool) -> None:
    """Print events until interrupted: all that come from now on, or all of the history from ``start`` on."""
    parameters = pika.URLParameters(broker_url)
    parameters.client_properties = {"connection_name": "trato events tail"}
    with closing(pika.BlockingConnection(parameters)) as connection:
        channel = connection.channel()

        def take(_channel: Any, method: Any, _properties: Any, body: bytes) -> None:
            event = json.loads(body)
            if fits(pattern, event["type"]) and subject in {None, event["subject"]}:
                sys.stdout.write(body.decode() + "\n" if raw else line(event) + "\n")
                sys.stdout.flush()
            if start is not None:
                channel.basic_ack(method.delivery_tag)

        if start is None:
            queue = channel.queue_declare("", exclusive=True).method.queue
            channel.queue_bind(queue, EXCHANGE, routing_key=pattern)
            channel.basic_consume(queue, take, auto_ack=True)
        else:
            # A stream hands out only to consumers that limit what they hold and acknowledge it.
            channel.basic_qos(prefetch_count=200)
            channel.basic_consume(HISTORY, take, arguments={"x-stream-offset": start})
        channel.start_consuming()


def line(event: dict[str, Any]) -> str:
    """Return an event on one line for people."""
    who = (event.get("actor") or {}).get("name") or "?"
    data = json.dumps(event["data"], ensure_ascii=False)
    return f"{event['time'][:23]}  {event['type']}  {event['subject']} #{event['sequence']}  by {who}  {data}"
