"""A program of another department: writes each event into a file, and fails or dies where the file of orders says so.

``python a_program.py FILE OPTIONS``: OPTIONS is JSON: patterns, and what else ``Subscription`` takes; ``store`` is a
path. A line of FILE is ``id subject sequence type attempt``; FILE.orders maps ids to fail, permanent, die or slow: that
takes until the order is taken back.
"""

import json
import logging
import os
import sys
import time
from collections import Counter
from pathlib import Path

from trato_events import Permanent, SqliteStore, Subscription


def ordered(orders, event):
    return json.loads(orders.read_text()).get(event.id) if orders.exists() else None


def main():
    target, options = Path(sys.argv[1]), json.loads(sys.argv[2])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("pika").setLevel(logging.WARNING)
    orders = target.with_suffix(".orders")
    attempts = Counter()
    if "store" in options:
        options["store"] = SqliteStore(options["store"])

    def note(line):
        with target.open("a") as lines:
            lines.write(f"{line}\n")

    def handle(event):
        attempts[event.id] += 1
        order = ordered(orders, event)
        if order == "fail":
            note(f"failed {event.id}")
            raise RuntimeError("the ledger is closed")
        if order == "permanent":
            raise Permanent("nobody has such an account")
        if order == "die":
            note(f"died {event.id}")
            os._exit(3)
        if order == "slow":
            note(f"began {event.id}")
            while ordered(orders, event) == "slow":
                time.sleep(0.01)
        note(f"{event.id} {event.subject} {event.sequence} {event.type} {attempts[event.id]}")

    def gap(found):
        note(f"gap {found.subject} {found.expected} {found.found}")

    patterns = options.pop("patterns")
    Subscription(patterns, handle, on_gap=gap, **options).run()
    note("stopped")


if __name__ == "__main__":
    main()
