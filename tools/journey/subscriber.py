"""The other department's program: writes down every event, one JSON document a line, through whatever happens.

``TRATO_EVENTS_URL=amqp://… python -m tools.journey.subscriber NAME FILE START``; it ends when it is told to.
"""

import json
import sys
from pathlib import Path

from trato_events import Event, SqliteStore, subscribe


def main() -> None:
    """Listen; an event is acknowledged when its line is written."""
    name, file, start = sys.argv[1:]
    with Path(file).open("a", encoding="utf-8") as lines:

        def write_down(event: Event) -> None:
            lines.write(f"{json.dumps(dict(event.raw))}\n")
            lines.flush()

        subscribe("crm.#", write_down, name=name, store=SqliteStore(f"{file}.sqlite3"), start=start)


if __name__ == "__main__":
    main()
