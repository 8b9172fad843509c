"""Measures contacts, leads that are won over and cases through the public HTTP API: ``./trato bench api``.

It starts its own stack, loads 20,000 people, and drives a closed loop of 1, 8 and 32 clients from this process. Every
answer is checked. Beside each figure stands what it must reach (docs/reference/performance.md); a raw echo over the
broker, measured in the same run, tells how fast the machine is.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kit.stack import Stack
from tests.load import api_stories
from tests.load.bus import Variant, service
from tests.load.bus import measure as measure_bus
from tests.load.closed_loop import Outcome, Request, run
from tests.load.processes import cpu_seconds, memory_mb
from tools.launcher.rabbitmq import QUORUM_LOG

PEOPLE = 20_000
DATABASES = {"sqlite": "sqlite", "postgres": "postgresql"}
CLIENTS = (1, 8, 32)
TARGETS = {"read": {8: 850}, "search": {8: 500}, "create": {8: 350}, "lead": {8: 120}, "case": {8: 210}}
P95_TARGETS = {"read": 158 / 3, "search": 353 / 3, "create": 654 / 3}
ECHO = Variant("raw echo, 30 in flight", "echo", 1, "stream")
ECHO_OF_TARGETS = 5560  # calls/s on the machine where the targets were set
FIRST = ["Ana", "Luis", "Marta", "Jorge", "Lucía", "Íñigo", "Begoña", "Nuria", "Álvaro", "Inés", "Óscar", "Rocío"]
LAST = ["García", "Núñez", "Ibáñez", "Soto", "Peña", "Vidal", "Roca", "Muñoz", "Prieto", "Cano", "Gil", "Ortega"]
SYLLABLES = ["ba", "cor", "del", "fi", "gan", "lu", "mo", "nar", "pe", "quin", "ros", "ta", "ur", "vel", "zo"]


def person(number: int) -> dict[str, Any]:
    """Return the person of that number; always the same."""
    chance = random.Random(number)
    surname = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
    first, last = chance.choice(FIRST), f"{chance.choice(LAST)} {surname}"
    return {
        "first_name": first,
        "last_name": last,
        "emails": [{"address": f"{surname.lower()}.{number}@example.com", "kind": "work"}],
        "phones": [{"number": f"+346{number:08d}", "kind": "mobile"}],
        "job_title": "Compras",
    }


def load(stack: Stack, count: int) -> list[str]:
    """Create ``count`` people through the bulk address and return their ids."""
    ids: list[str] = []
    began = time.perf_counter()
    for start in range(0, count, 500):
        items = [{**person(number), "allow_duplicate": True} for number in range(start, min(start + 500, count))]
        answer = stack.call("POST", "/v1/people/bulk", {"items": items}, timeout=120)
        if answer.status != 200:
            raise RuntimeError(f"loading failed: {answer}")
        refused = [result for result in answer.body["items"] if result["status"] != 201]
        if refused:
            raise RuntimeError(f"{len(refused)} people were refused: {refused[0]}")
        ids += [result["id"] for result in answer.body["items"]]
        sys.stderr.write(f"\r  loaded {len(ids)} people")
    sys.stderr.write(f" in {time.perf_counter() - began:.0f} s\n")
    return ids


def work(ids: list[str], count: int) -> dict[str, Callable[[], Request]]:
    """Return what each kind of work asks next."""
    chance = random.Random(7)
    fresh = iter(range(10_000_000, 90_000_000))

    def read() -> Request:
        id_ = chance.choice(ids)
        return Request("GET", f"/v1/people/{id_}", 200, f'"id":"{id_}"'.encode())

    def search() -> Request:
        surname = person(chance.randrange(count))["last_name"].split()[1]
        return Request("GET", f"/v1/people?q={surname}&limit=20", 200, surname.encode())

    def create() -> Request:
        body = person(next(fresh))
        return Request("POST", "/v1/people", 201, body["emails"][0]["address"].encode(), json.dumps(body).encode())

    return {"read": read, "search": search, "create": create}


def yardstick(stack: Stack, seconds: float) -> float:
    """Return how fast this machine is just now: calls per second of a raw pika echo with 30 in flight."""
    with service(ECHO.kind, ECHO.service, stack.broker_url) as pid:
        return measure_bus(ECHO, stack.broker_url, seconds, [pid])["per_second"]


def measure(stack: Stack, *, seconds: float, people: int, only: list[str] | None = None) -> dict[str, Any]:
    """Return every figure of one stack, or those of some kinds of work."""
    ids = load(stack, people)
    figures: dict[str, Any] = {}
    leads = api_stories.Leads(stack, person)
    stories = {"lead": leads.qualify, "case": api_stories.cases(ids)}
    for name, following in {**work(ids, people), **stories}.items():
        if only and name not in only:
            continue
        echo = yardstick(stack, min(2.0, seconds))
        sys.stdout.write(
            f"raw echo, 30 in flight: {echo:.0f}/s; where the targets were set {ECHO_OF_TARGETS}/s: this machine is "
            f"{echo / ECHO_OF_TARGETS:.2f} × as fast now\n"
        )
        figures[f"{name}/yardstick"] = {"echo_per_second": round(echo), "of_targets": round(echo / ECHO_OF_TARGETS, 3)}
        for clients in (0, *CLIENTS):
            if name == "lead":
                leads.make_ready(int(seconds * TARGETS["lead"][8]) + max(CLIENTS))
            if not clients:
                run(stack.address, stack.token, following, clients=4, seconds=min(2.0, seconds))
                continue
            before = cpu_seconds(stack)
            outcome = run(stack.address, stack.token, following, clients=clients, seconds=seconds)
            used = {part: round(after - before[part], 2) for part, after in cpu_seconds(stack).items()}
            figures[f"{name}/{clients}"] = {**outcome.to_dict(), "cpu_seconds": used}
            _show(name, outcome, used, echo / ECHO_OF_TARGETS)
            for error in outcome.errors[:3]:
                sys.stdout.write(f"    {error}\n")
    figures["memory_mb"] = memory_mb(stack)
    return figures


def _show(name: str, outcome: Outcome, used: dict[str, float], speed: float) -> None:
    target = TARGETS[name].get(outcome.clients)
    reached = outcome.rate / target if target else 0.0
    beside = f"   to reach {target}: {reached:.2f} ×, by the yardstick {reached / speed:.2f} ×" if target else ""
    if outcome.clients == CLIENTS[-1] and name in P95_TARGETS:
        most = P95_TARGETS[name]
        beside = f"   p95 to stay under {most:.0f} ms, by the yardstick {most / speed:.0f} ms"
    cpu = " ".join(f"{part} {seconds / outcome.seconds:.2f}" for part, seconds in used.items())
    sys.stdout.write(
        f"{name:7} {outcome.clients:3} clients  {outcome.rate:7.0f}/s  p50 {outcome.percentile(0.5):6.1f}"
        f"  p95 {outcome.percentile(0.95):6.1f}  p99 {outcome.percentile(0.99):6.1f} ms"
        f"  errors {len(outcome.errors)}{beside}\n        cores: {cpu}\n"
    )
    sys.stdout.flush()


def main() -> int:
    """Measure and print a table; ``--json FILE`` also writes the figures, ``--compare FILE`` prints ratios."""
    parser = argparse.ArgumentParser(prog="./trato bench api", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--only", action="append", choices=list(TARGETS), help="this kind of work; may be repeated")
    parser.add_argument("--together", action="store_true", help="all services in one process, as `./trato up` has them")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--compare", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trato-bench-") as folder:
        # The broker as `./trato up` runs it.
        stack = Stack(
            Path(folder) / "stack",
            database=DATABASES[asked.database],
            durable=True,
            together=asked.together,
            broker_settings=QUORUM_LOG,
        )
        try:
            figures = measure(stack.up(), seconds=asked.seconds, people=asked.people, only=asked.only)
        finally:
            stack.stop()
    sys.stdout.write(f"memory (PSS, MB): {figures['memory_mb']}\n")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n")
    if asked.compare:
        before = json.loads(asked.compare.read_text())
        for name, now in figures.items():
            if name in before and "per_second" in now:
                sys.stdout.write(f"{name:12} {now['per_second'] / before[name]['per_second']:.2f} × before\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
