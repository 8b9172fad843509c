"""A program outside the suite that writes down every event it is given: plain pika, a durable queue of its own.

``python tests/chaos/subscriber.py AMQP_URL FILE``. A line is ``id subject sequence type``, or ``listening``; an event
is acknowledged when its line is written. It reconnects for ever and ends when it is killed.
"""

import json
import sys
import time
from pathlib import Path

import pika
from pika.exceptions import AMQPError

QUEUE = "an-outsider.events"


def listen(url: str, lines: object) -> None:
    """Consume until the connection breaks."""
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 20
    with pika.BlockingConnection(parameters) as connection:
        channel = connection.channel()
        channel.exchange_declare("crm.events", "topic", durable=True)
        channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(QUEUE, "crm.events", "crm.#")
        channel.basic_qos(prefetch_count=200)
        lines.write("listening\n")
        lines.flush()
        for method, _, body in channel.consume(QUEUE):
            event = json.loads(body)
            lines.write(f"{event['id']} {event['subject']} {event['sequence']} {event['type']}\n")
            lines.flush()
            channel.basic_ack(method.delivery_tag)


def main() -> None:
    """Listen, through whatever happens to the broker."""
    url, target = sys.argv[1], Path(sys.argv[2])
    with target.open("a") as lines:
        while True:
            try:
                listen(url, lines)
            except (AMQPError, OSError):
                time.sleep(0.3)


if __name__ == "__main__":
    main()
