"""Prints what is told from now on, one line an event; nothing is kept, nothing has to be prepared.

TRATO_EVENTS_URL=amqp://billing:…@host:5672/trato python print_everything.py [PATTERN]
"""

import sys

from trato_events import history

for event in history("now", patterns=sys.argv[1:] or "crm.#", follow=True):
    print(event.time.isoformat(), event.type, event.subject, f"#{event.sequence}", event.actor.name, flush=True)
