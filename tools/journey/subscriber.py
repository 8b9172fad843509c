"""The other department's program: writes down every event, one JSON document a line, through whatever happens.

``EVENTS_URL=amqp://… python -m tools.journey.subscriber NAME FILE [--again]``; it ends when it is told to.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TextIO

import pika
from pika.exceptions import AMQPError

from tools.journey.outsider import LISTENING


def listen(url: str, name: str, lines: TextIO, *, again: bool) -> None:
    """Consume until the connection breaks; an event is acknowledged when its line is written."""
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 20
    with pika.BlockingConnection(parameters) as connection:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=200)
        if again:
            messages = channel.consume("crm.events.history", arguments={"x-stream-offset": "first"})
        else:
            queue = f"outsider.{name}"
            channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum", "x-expires": 3_600_000})
            channel.queue_bind(queue, "crm.events", "crm.#")
            messages = channel.consume(queue)
        _write(lines, json.dumps(LISTENING))
        for method, _, body in messages:
            _write(lines, json.dumps(json.loads(body)))
            channel.basic_ack(method.delivery_tag)


def _write(lines: TextIO, line: str) -> None:
    lines.write(f"{line}\n")
    lines.flush()


def main() -> None:
    """Listen, through whatever happens to the broker."""
    name, file, *rest = sys.argv[1:]
    with Path(file).open("a", encoding="utf-8") as lines:
        while True:
            try:
                listen(os.environ["EVENTS_URL"], name, lines, again="--again" in rest)
            except (AMQPError, OSError):
                time.sleep(0.3)


if __name__ == "__main__":
    main()
