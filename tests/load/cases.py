"""Measures cases at scale: ``./trato bench cases``. It starts its own stack on PostgreSQL, fsync on.

What a look of the scheduler costs with few and with many open clocks; how soon a breach is heard of; how long a new
holiday takes to move its clocks; what one and several processes do of work that waits. ``--open 20000 --moving 4000``
is a quick run.
"""

import argparse
import json
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db.database import Database
from services.cases.domain.base import Model
from services.cases.domain.clock_record import SlaClock
from services.cases.domain.sla_clock import ClockState
from tests.kit.stack import Stack
from tests.load import cases_parts as parts
from tests.load.cases_loading import load, prepare

FEW = 10_000  # open clocks
SECONDS_OF_HOLIDAY, CLOCKS_OF_HOLIDAY = 60, 100_000
TARGETS = {
    "a look, many ÷ few open clocks": (1.5, "≤"),
    "an alarm, many ÷ few open clocks": (1.5, "≤"),
    "breach heard after, worst ms": (5000, "≤"),
    "holiday, seconds for 100,000 clocks": (SECONDS_OF_HOLIDAY, "≤"),
    "waiting-bound, replicas ÷ one": (3.5, "≥"),
    "alarms told ÷ alarms due": (1.0, "="),
}
Figures = dict[str, Mapping[str, float]]


def measure(stack: Stack, asked: argparse.Namespace) -> Figures:
    """Return every figure of one stack."""
    world = prepare(stack)
    database = Database(stack.database_url("cases"), Model.metadata)
    figures: Figures = {}

    def note(name: str, found: Mapping[str, float]) -> None:
        figures[name] = found
        sys.stderr.write(f"{name}: " + ", ".join(f"{key} {value:,.2f}" for key, value in found.items()) + "\n")

    stack.terminate("cases")
    for name, wanted in (("few", FEW), ("many", asked.open)):
        note(f"loading, {name}", _load_open(database, world.steady, wanted))
        note(f"tick, {name}", parts.tick(database, world.steady))
    parts.restart(stack, 1)
    note("breaches", parts.breaches(stack, database, world.steady, asked.due, 0.05))
    load(database.engine, world.moving, asked.moving // 2, first_due=utc_now() + timedelta(days=15), apart=0.1)
    note("holiday", parts.holiday(stack, world.holidays, world.calendar, _day(3)))
    for workers in (1, asked.replicas):
        note(f"replicas, {workers}", parts.replicas(stack, database, workers, asked.seconds))
        note(f"alarms, {workers}", parts.alarms(database, world.steady, asked.due))
    database.dispose()
    return figures


def ratios(figures: Figures, replicas: int) -> dict[str, float]:
    """Return the figures that the targets speak of."""
    few, many = figures["tick, few"], figures["tick, many"]
    one, several, alarms = (figures[name] for name in ("replicas, 1", f"replicas, {replicas}", f"alarms, {replicas}"))
    return {
        "a look, many ÷ few open clocks": many["look ms"] / few["look ms"],
        "an alarm, many ÷ few open clocks": many["fire ms"] / few["fire ms"],
        "breach heard after, worst ms": figures["breaches"]["worst ms"],
        "holiday, seconds for 100,000 clocks": CLOCKS_OF_HOLIDAY / figures["holiday"]["clocks/s"],
        "waiting-bound, replicas ÷ one": several["notes/s"] / one["notes/s"],
        "alarms told ÷ alarms due": alarms["told"] / alarms["due"],
    }


def table(figures: Figures, found: Mapping[str, float]) -> str:
    """Return the figures for people, beside what is to be reached."""
    lines = []
    for name, row in figures.items():
        lines.append(f"{name:16}" + "  ".join(f"{key} {value:,.2f}" for key, value in row.items()))
    lines.append("")
    for name, value in found.items():
        goal, sign = TARGETS[name]
        reached = {"≤": value <= goal, "≥": value >= goal, "=": value == goal}[sign]
        lines.append(f"{name:40}{value:>10,.2f}   to reach {sign} {goal:,}   {'reached' if reached else 'MISSED'}")
    return "\n".join(lines)


def _load_open(database: Database, template: uuid.UUID, wanted: int) -> dict[str, float]:
    clocks = SlaClock.__table__
    count = sa.select(sa.func.count()).where(clocks.c.state == ClockState.RUNNING)
    began = time.monotonic()
    with database.read() as session:
        missing = wanted - (session.scalar(count) or 0)
    load(database.engine, template, max(0, missing // 2), first_due=utc_now() + timedelta(days=15), apart=0.5)
    with database.read() as session:
        return {"open clocks": session.scalar(count) or 0, "seconds": time.monotonic() - began}


def _day(ahead: int) -> str:
    return (utc_now() + timedelta(days=ahead)).date().isoformat()


def main() -> int:
    """Measure, print, write JSON."""
    parser = argparse.ArgumentParser(prog="./trato bench cases", description=__doc__)
    add = parser.add_argument
    add("--open", type=int, default=1_000_000, help="open clocks in the table")
    add("--moving", type=int, default=CLOCKS_OF_HOLIDAY, help="open clocks that the new holiday moves")
    add("--due", type=int, default=400, help="alarms that fall due while somebody listens")
    add("--replicas", type=int, default=4)
    add("--seconds", type=float, default=8, help="seconds of waiting-bound work")
    add("--json", type=Path, help="write the figures here too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trato-bench-") as folder:
        settings = {"TRATO_GATEWAY_THREADS": "64"}
        stack = Stack(Path(folder) / "stack", database="postgresql", durable=True, settings=settings)
        try:
            figures = measure(stack.up(), asked)
        finally:
            stack.stop()
    found = ratios(figures, asked.replicas)
    sys.stdout.write(table(figures, found) + "\n")
    if asked.json:
        report: dict[str, Any] = {"figures": figures, "ratios": found, "targets": TARGETS}
        asked.json.write_text(json.dumps(report, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
