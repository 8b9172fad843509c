"""The two services that the measurement of events runs: one tells, one listens; each in a process of its own.

``python -m tests.load.events_parts MODE BROKER_URL DATABASE_URL [NUMBER]`` prints ``ready`` and later one JSON line.
"""

import functools
import json
import resource
import sys
import time
import types
import uuid
import warnings
from collections.abc import Callable
from dataclasses import dataclass

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import sqlalchemy as sa  # noqa: E402
from psycogreen.eventlet import patch_psycopg  # noqa: E402

from chassis.bus import outbox  # noqa: E402
from chassis.bus.relay import Relay  # noqa: E402
from chassis.bus.subscriber import Subscriber  # noqa: E402
from chassis.context import SYSTEM, Call  # noqa: E402
from chassis.db import tables  # noqa: E402
from chassis.db.database import Database  # noqa: E402
from chassis.events import Event  # noqa: E402
from chassis.ids import new_id  # noqa: E402
from chassis.reactions import Reactions, on  # noqa: E402

patch_psycopg()
CALL = Call(actor=SYSTEM, request_id="bench", correlation_id="bench")
HEARD: dict[int, float] = {}


@dataclass(frozen=True, kw_only=True)
class LeadQualified(Event, source="bench"):
    """A lead is worth pursuing."""

    lead_id: uuid.UUID
    title: str
    score: int


@on(LeadQualified)
def hear(uow, event, envelope) -> None:
    """Note the instant; the inbox is all that is written."""
    HEARD[event.score] = time.time()


@on(LeadQualified)
def count(uow, event, envelope) -> None:
    """Write a row, as a handler that keeps a copy does, and note the instant."""
    HEARD[event.score] = time.time()
    uow.session.execute(sa.insert(COPIES), {"id": new_id(), "lead_id": event.lead_id, "title": event.title})


METADATA = sa.MetaData()
tables.attach(METADATA)
COPIES = sa.Table(
    "copies",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("lead_id", sa.Uuid),
    sa.Column("title", sa.String(200)),
)


def records(number: int, subject: uuid.UUID, first: int = 1) -> list[outbox.Record]:
    """Return events of one subject in order."""
    return [
        outbox.Record(
            event=LeadQualified(lead_id=subject, title=f"A lead of the usual length {n}", score=n),
            resource="leads",
            aggregate_id=subject,
            sequence=n,
            call=CALL,
        )
        for n in range(first, first + number)
    ]


def fill(database: Database, number: int) -> None:
    """Put events into the outbox, hundreds in a transaction, of many subjects."""
    while number > 0:
        with database.write() as session:
            for _ in range(100):
                outbox.append(session, METADATA, records(10, new_id(), first=number - 9))
                number -= 10


def pending(database: Database) -> int:
    """Return how many events wait for the relay."""
    table = tables.outbox(METADATA)
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).where(table.c.published_at.is_(None))) or 0


def say(**figures: float | dict[int, float]) -> None:
    """Print one line of figures."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


def publish(broker: str, database: Database, number: int) -> None:
    """Fill the outbox, then let the relay empty it."""
    fill(database, number)
    say(ready=1)
    before, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    relay = Relay("bench", database, METADATA, broker)
    thread = eventlet.spawn(relay.run)
    while pending(database):
        eventlet.sleep(0.05)
    seconds = time.monotonic() - started
    relay.stop()
    thread.wait()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    say(seconds=seconds, cpu=time.process_time() - before, grown_mb=grown)


def handle(broker: str, database: Database, number: int, reaction: Callable[..., None] = hear) -> None:
    """Declare the queue, say so, and time the handling of what comes."""
    handlers = types.ModuleType("handlers")
    handlers.reaction = reaction
    subscriber = Subscriber("listener", database, METADATA, Reactions.declared_in(handlers), broker)
    subscriber.declare()
    say(ready=1)
    sys.stdin.readline()
    before, started = time.process_time(), time.monotonic()
    thread = eventlet.spawn(subscriber.run)
    while len(HEARD) < number:
        eventlet.sleep(0.01)
    seconds = time.monotonic() - started
    subscriber.stop()
    thread.wait()
    say(seconds=seconds, cpu=time.process_time() - before, instants=HEARD)


def tell(broker: str, database: Database, number: int) -> None:
    """Commit one event at a time, a hundred a second, with a relay in the process."""
    relay = Relay("bench", database, METADATA, broker)
    thread = eventlet.spawn(relay.run)
    eventlet.sleep(1)
    say(ready=1)
    subject, committed = new_id(), {}
    started = time.monotonic()
    for n in range(number):
        eventlet.sleep(max(0.0, started + n / 100 - time.monotonic()))
        with database.write() as session:
            outbox.append(session, METADATA, records(1, subject, first=n + 1))
        committed[n + 1] = time.time()
    eventlet.sleep(1)
    relay.stop()
    thread.wait()
    say(seconds=time.monotonic() - started, instants=committed)


def main() -> None:
    """Do what the arguments say."""
    mode, broker, url, number = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    database = Database(url, METADATA)
    METADATA.create_all(database.engine)
    keep = functools.partial(handle, reaction=count)
    {"publish": publish, "handle": handle, "keep": keep, "tell": tell}[mode](broker, database, number)


if __name__ == "__main__":
    main()
