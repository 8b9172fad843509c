"""Measures events: publishing through one relay, handling by one subscriber, and the way from commit to handler.

``python -m tests.load.events [--database sqlite|postgres|both] [--number 20000] [--json FILE]``. It starts its own
RabbitMQ and PostgreSQL (fsync on); teller and listener are processes of their own, each with its own database.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.kit.postgres import Postgres, start_postgres
from tests.kit.rabbitmq import RabbitMQ, start_rabbitmq

ROOT = Path(__file__).resolve().parents[2]
TARGETS = {"published/s": 3000, "handled/s": 1500, "p50 ms": 10, "p99 ms": 50}
LATENCY_EVENTS = 1000


class Part:
    """One process of the measurement; ``started`` once it has said that it is ready."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.load.events_parts", *arguments]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.read()

    def read(self) -> dict[str, Any]:
        """Return the next figures that it prints."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a part of the measurement ended without figures")
        found: dict[str, Any] = json.loads(line)
        return found

    def begin(self) -> None:
        """Let it begin."""
        assert self._process.stdin is not None
        self._process.stdin.write("begin\n")

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def measure(broker: str, teller: str, listener: str, number: int) -> dict[str, float]:
    """Return the figures of one kind of database."""
    with ExitStack() as stack:

        def part(*arguments: str) -> Part:
            made = Part(*arguments)
            stack.callback(made.end)
            return made

        heard = part("handle", broker, listener, str(number))
        told = part("publish", broker, teller, str(number)).read()
        heard.begin()
        handled = heard.read()
        keeper = part("keep", broker, listener, str(number))
        part("publish", broker, teller, str(number)).read()
        keeper.begin()
        kept = keeper.read()
        ears = part("handle", broker, listener, str(LATENCY_EVENTS))
        ears.begin()
        committed = part("tell", broker, teller, str(LATENCY_EVENTS)).read()["instants"]
        arrived = ears.read()["instants"]
    delays = sorted(1000 * (arrived[n] - at) for n, at in committed.items())
    return {
        "published/s": number / told["seconds"],
        "relay ms CPU/event": 1000 * told["cpu"] / number,
        "relay grew MB": told["grown_mb"],
        "handled/s": number / handled["seconds"],
        "handling ms CPU/event": 1000 * handled["cpu"] / number,
        "handled, a row each/s": number / kept["seconds"],
        "p50 ms": delays[len(delays) // 2],
        "p99 ms": delays[int(len(delays) * 0.99)],
        "worst ms": delays[-1],
    }


def table(figures: dict[str, dict[str, float]]) -> str:
    """Return the figures for people, beside what is to be reached."""
    lines = [f"{'':24}" + "".join(f"{name:>14}" for name in figures) + f"{'to reach':>14}"]
    for row in next(iter(figures.values())):
        goal = TARGETS.get(row)
        sign = "" if goal is None else f"{'≥' if row.endswith('/s') else '≤'} {goal:,}"
        lines.append(f"{row:24}" + "".join(f"{each[row]:>14,.2f}" for each in figures.values()) + f"{sign:>14}")
    return "\n".join(lines)


def _postgres(folder: Path, stack: ExitStack) -> Postgres:
    server = start_postgres(folder / "postgres", durable=True)
    stack.callback(server.stop)
    return server


def _broker(folder: Path, stack: ExitStack) -> RabbitMQ:
    node = start_rabbitmq(folder / "rabbitmq")
    stack.callback(node.stop)
    return node


def main() -> None:
    """Measure, print, write JSON."""
    parser = argparse.ArgumentParser(prog="./trato bench events", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--number", type=int, default=20_000, help="events to publish and to handle")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    chosen = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trato-bench-")))
        node = _broker(folder, stack)
        if chosen.database in {"sqlite", "both"}:
            urls = [f"sqlite:///{folder / name}.sqlite3" for name in ("teller", "listener")]
            figures["sqlite"] = measure(node.new_vhost(), urls[0], urls[1], chosen.number)
        if chosen.database in {"postgres", "both"}:
            server = _postgres(folder, stack)
            figures["postgres"] = measure(
                node.new_vhost(), server.new_database("teller"), server.new_database("listener"), chosen.number
            )
    sys.stdout.write(table(figures) + "\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
