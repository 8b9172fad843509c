"""What ``./trato bench cases`` measures, each on a running stack whose cases are in PostgreSQL."""

import json
import random
import time
import uuid
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import pika
import sqlalchemy as sa

from chassis.bus.scheduler import Scheduler
from chassis.bus.topology import EXCHANGE
from chassis.clock import utc_now
from chassis.db import tables
from chassis.db.database import Database
from chassis.timers import Timers
from contracts.cases import SlaBreached
from services.cases import handlers
from services.cases.domain.base import Model
from tests.kit.rabbitmq import free_ports
from tests.kit.stack import Stack
from tests.load.cases_loading import load
from tests.load.closed_loop import Request, run

LOOKS = 300  # how often a scheduler looks that finds nothing
BATCHES = 10  # how many batches of due alarms it fires
LEAD = timedelta(seconds=8)  # alarms written by SQL wake nobody: schedulers see them at their next look, within 5 s
WAIT = 0.2  # seconds that a note takes while replicas are measured


def tick(database: Database, template: uuid.UUID) -> dict[str, float]:
    """Return what one look costs that finds nothing, and one alarm that is due, in ms; the service must not run."""
    scheduler = Scheduler("cases", database, Model.metadata, Timers.declared_in(handlers))
    load(database.engine, template, (BATCHES + 1) * 20, first_due=utc_now() - timedelta(minutes=10), apart=0.01)
    while not _timed(scheduler.fire_due)[1]:
        time.sleep(0.1)
    fired = [_timed(scheduler.fire_due) for _ in range(BATCHES)]
    while scheduler.fire_due():
        pass
    looks = [_timed(scheduler.fire_due) for _ in range(LOOKS)]
    if any(found for _, found in looks):
        raise RuntimeError("a look that was to find nothing found alarms that are due")
    return {
        "look ms": median(ms for ms, _ in looks),
        "fire ms": median(ms / found for ms, found in fired if found),
    }


def breaches(stack: Stack, database: Database, template: uuid.UUID, number: int, apart: float) -> dict[str, float]:
    """Return how long after their due instants breaches arrive at a subscriber, in ms."""
    delays: dict[str, float] = {}
    connection = pika.BlockingConnection(pika.URLParameters(stack.broker_url))
    try:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, EXCHANGE, SlaBreached.type)
        first = utc_now() + LEAD
        load(database.engine, template, number, first_due=first, apart=apart)
        patience = LEAD.total_seconds() + number * apart + 60
        end = time.monotonic() + patience
        for _, _, body in channel.consume(queue, auto_ack=True, inactivity_timeout=1):
            if body is not None:
                data = json.loads(body)["data"]
                due = datetime.fromisoformat(data["breached_at"])
                if due >= first:  # what fell due while the service did not run is told now as well
                    delays.setdefault(data["clock_id"], (utc_now() - due).total_seconds() * 1000)
            if len(delays) == number or time.monotonic() > end:
                break
    finally:
        connection.close()
    if len(delays) < number:
        raise RuntimeError(f"{len(delays)} of {number} breaches arrived within {patience:.0f} s")
    ordered = sorted(delays.values())
    return {"p50 ms": median(ordered), "p99 ms": ordered[int(len(ordered) * 0.99)], "worst ms": ordered[-1]}


def holiday(stack: Stack, holiday_set: str, calendar: str, on: str) -> dict[str, float]:
    """Make a day a holiday; return how long it takes until all clocks are moved, and how others fare meanwhile."""
    version = stack.call("GET", f"/v1/holiday-sets/{holiday_set}").body["version"]
    began = time.monotonic()
    body = {"holidays": [{"on": on, "name": "Medida"}]}
    changed = stack.call("PATCH", f"/v1/holiday-sets/{holiday_set}", body, headers={"If-Match": f'"{version}"'})
    if changed.status != 200:
        raise RuntimeError(f"the holiday was refused: {changed}")
    answered: list[float] = []
    shown: dict[str, Any] = {"clocks_moved": None}
    while shown["clocks_moved"] is None:
        ms, answer = _timed(lambda: stack.call("GET", f"/v1/calendars/{calendar}"))
        answered.append(ms)
        shown = answer.body
        time.sleep(0.2)
    seconds = time.monotonic() - began
    return {
        "seconds": seconds,
        "examined": shown["clocks_examined"],
        "moved": shown["clocks_moved"],
        "clocks/s": shown["clocks_examined"] / seconds,
        "others p50 ms": median(answered),
        "others worst ms": max(answered),
    }


def replicas(stack: Stack, database: Database, workers: int, seconds: float) -> dict[str, float]:
    """Return what so many processes of cases do of work that waits; they stay.

    The work is ``add_case_note``, made to wait inside PostgreSQL for ``WAIT`` seconds, as a slow disk would.
    """
    restart(stack, workers)
    with database.read() as session:
        ids = [str(id_) for id_ in session.scalars(sa.text("SELECT id FROM cases ORDER BY id DESC LIMIT 200"))]

    def note() -> Request:
        body = {"text": "Esperar"}
        path = f"/v1/cases/{random.choice(ids)}/notes"
        return Request("POST", path, 201, b'"kind":"note"', json.dumps(body).encode())

    _execute(database, _SLOW)
    try:
        run(stack.address, stack.token, note, clients=64, seconds=1.0)
        outcome = run(stack.address, stack.token, note, clients=64, seconds=seconds)
    finally:
        _execute(database, _AS_BEFORE)
    if outcome.errors:
        raise RuntimeError(f"{len(outcome.errors)} notes failed: {outcome.errors[0]}")
    return {"notes/s": outcome.rate, "p50 ms": outcome.percentile(0.5)}


def alarms(database: Database, template: uuid.UUID, number: int) -> dict[str, float]:
    """Have many alarms fall due at one instant; return how fast they are told, and how many were, each of one clock."""
    before = _breached(database)
    load(database.engine, template, number, first_due=utc_now() + LEAD, apart=0.0)
    due = time.monotonic() + LEAD.total_seconds()
    while _breached(database)[0] - before[0] < number and time.monotonic() < due + 120:
        time.sleep(0.2)
    took = time.monotonic() - due
    time.sleep(2)  # one that rang twice would be told again about now
    told, clocks = (now - then for now, then in zip(_breached(database), before, strict=True))
    if clocks != number:
        raise RuntimeError(f"{number} alarms were due, {told} breaches were told, of {clocks} clocks")
    return {"due": number, "told": told, "told/s": number / took}


def restart(stack: Stack, workers: int) -> None:
    """Run so many processes of cases from now on."""
    if "cases" in stack.parts:
        stack.terminate("cases")
    stack.workers = workers
    stack.ports["cases"] = free_ports(workers)
    stack.start("cases")


def _breached(database: Database) -> tuple[int, int]:
    table = tables.outbox(Model.metadata)
    clock = sa.func.count(sa.distinct(sa.cast(table.c.data, sa.JSON)["clock_id"].as_string()))
    with database.read() as session:
        told, clocks = session.execute(sa.select(sa.func.count(), clock).where(table.c.type == SlaBreached.type)).one()
    return told, clocks


def _timed(work: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return (time.perf_counter() - began) * 1000, found


def _execute(database: Database, statements: tuple[str, ...]) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


_SLOW = (
    f"CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep({WAIT}); RETURN NEW; END'",
    "CREATE TRIGGER be_slow BEFORE INSERT ON case_entries FOR EACH ROW EXECUTE FUNCTION be_slow()",
)
_AS_BEFORE = ("DROP TRIGGER be_slow ON case_entries", "DROP FUNCTION be_slow()")
