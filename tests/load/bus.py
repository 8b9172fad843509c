"""Measures the bus: raw echo, stock nameko and ours in one run, so that a busy machine disturbs all alike.

``python -m tests.load.bus [--seconds 3] [--rounds 3] [--url AMQP_URL] [--json FILE]``. Ratios are medians over rounds.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.kit.rabbitmq import start_rabbitmq

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Variant:
    """One row of the table: who answers, in how many processes, and how it is asked."""

    title: str
    kind: str
    processes: int
    shape: str

    @property
    def service(self) -> str:
        """The name under which this variant's processes answer."""
        return f"{self.kind}{self.processes}"


VARIANTS = (
    Variant("raw echo, 1 at a time", "echo", 1, "one"),
    Variant("stock, 1 at a time", "stock", 1, "one"),
    Variant("ours, 1 at a time", "ours", 1, "one"),
    Variant("raw echo, 30 in flight", "echo", 1, "stream"),
    Variant("stock, 30 threads", "stock", 1, "threads"),
    Variant("stock, 30 in flight, one thread", "stock", 1, "stream"),
    Variant("ours, 30 threads", "ours", 1, "threads"),
    Variant("ours, 30 in flight, one thread", "ours", 1, "stream"),
    Variant("stock × 3, 30 threads", "stock", 3, "threads"),
    Variant("stock × 3, 30 in flight, one thread", "stock", 3, "stream"),
    Variant("ours × 3, 30 threads", "ours", 3, "threads"),
    Variant("ours × 3, 30 in flight, one thread", "ours", 3, "stream"),
)
TARGETS = {"one process ÷ stock": 3.0, "three processes ÷ stock": 4.5, "p50 ÷ raw echo": 1.4}
"""The first two are reached above, the last below."""

Figures = dict[Variant, dict[str, float]]


@contextmanager
def service(kind: str, name: str, url: str) -> Iterator[int]:
    """Run one answering process; gives its process id."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.load.bus_services", kind, name, url]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{kind} did not start")
        yield process.pid
    finally:
        process.kill()
        process.wait()


def measure(variant: Variant, url: str, seconds: float, pids: list[int]) -> dict[str, float]:
    """Drive one variant from a process of its own; adds the services' CPU time per call."""
    before = sum(map(cpu_seconds, pids))
    figures: dict[str, float] = _called(variant.kind, variant.service, url, variant.shape, str(seconds))
    calls = figures["per_second"] * (seconds + 0.5)  # the warm-up's calls cost as much
    figures["service_cpu_ms"] = (sum(map(cpu_seconds, pids)) - before) * 1000 / calls
    return figures


def measure_in_turn(variants: Sequence[Variant], url: str, seconds: float) -> Figures:
    """Drive several variants from one process, a few calls of each in turn."""
    pairs = ",".join(f"{variant.kind}={variant.service}" for variant in variants)
    found = _called(pairs, url, "turns", str(seconds))
    return {variant: found[variant.kind] for variant in variants}


def _called(*arguments: str) -> Any:
    command = [sys.executable, "-W", "ignore", "-m", "tests.load.bus_callers", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{arguments}: {done.stderr.decode()[-2000:]}")
    return json.loads(done.stdout)


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ratios(figures: Figures) -> dict[str, float]:
    """Return the three figures that the targets speak of. Both stocks count with their better shape."""

    def best(kind: str, processes: int) -> float:
        rows = [v for v in figures if (v.kind, v.processes) == (kind, processes) and v.shape != "one"]
        return max(figures[row]["per_second"] for row in rows)

    def threaded(processes: int) -> float:
        return next(
            f["per_second"]
            for v, f in figures.items()
            if (v.kind, v.processes, v.shape) == ("ours", processes, "threads")
        )

    p50 = {v.kind: f["p50_ms"] for v, f in figures.items() if v.shape == "one"}
    return {
        "one process ÷ stock": best("ours", 1) / best("stock", 1),
        "three processes ÷ stock": best("ours", 3) / best("stock", 3),
        "one process ÷ stock (30 threads)": threaded(1) / best("stock", 1),
        "three processes ÷ stock (30 threads)": threaded(3) / best("stock", 3),
        "p50 ÷ raw echo": p50["ours"] / p50["echo"],
    }


def run(url: str, seconds: float, rounds: int) -> tuple[Figures, dict[str, float]]:
    """Measure every variant ``rounds`` times, in turn; return medians."""
    measured: list[Figures] = []
    with ExitStack() as stack:
        pids = {
            name: [stack.enter_context(service(kind, name, url)) for _ in range(processes)]
            for kind, processes, name in dict.fromkeys((v.kind, v.processes, v.service) for v in VARIANTS)
        }
        for number in range(rounds):
            figures = measure_in_turn([v for v in VARIANTS if v.shape == "one"], url, seconds)
            figures |= {v: measure(v, url, seconds, pids[v.service]) for v in VARIANTS if v.shape != "one"}
            measured.append(figures)
            sys.stderr.write(f"round {number + 1} of {rounds}: {_rounded(ratios(measured[-1]))}\n")
    figures = {v: {key: median(m[v][key] for m in measured) for key in measured[0][v]} for v in VARIANTS}
    each = [ratios(one) for one in measured]
    return figures, {name: median(one[name] for one in each) for name in each[0]}


def table(figures: Figures, found: dict[str, float]) -> str:
    """Return the figures for a person to read."""
    lines = [f"{'':40}{'calls/s':>10}{'p50 ms':>10}{'p99 ms':>10}{'service CPU':>13}{'caller CPU':>12}  (ms a call)"]
    for variant, row in figures.items():
        cells = [row.get(key) for key in ("per_second", "p50_ms", "p99_ms", "service_cpu_ms", "caller_cpu_ms")]
        shown = [
            "" if cell is None else f"{cell:.{digits}f}" for cell, digits in zip(cells, (0, 2, 2, 3, 3), strict=True)
        ]
        lines.append(f"{variant.title:40}{shown[0]:>10}{shown[1]:>10}{shown[2]:>10}{shown[3]:>13}{shown[4]:>12}")
    lines.append("")
    for name, value in found.items():
        target = TARGETS.get(name)
        reached = "" if target is None else f"   target {target} {_verdict(name, value)}"
        lines.append(f"{name:40}{value:>10.2f}{reached}")
    return "\n".join(lines)


def _verdict(name: str, value: float) -> str:
    below = name.startswith("p50")
    return "reached" if (value <= TARGETS[name]) == below or value == TARGETS[name] else "MISSED"


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in figures.items()}


def main() -> None:
    """Start a private broker unless one is given, measure, print."""
    parser = argparse.ArgumentParser(prog="trato bench bus", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds a variant and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--url", help="AMQP URL of a broker; otherwise a private node is started")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    options = parser.parse_args()
    with ExitStack() as stack:
        url = options.url
        if url is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            broker = start_rabbitmq(Path(folder))
            stack.callback(broker.kill)
            url = broker.url
        figures, found = run(url, options.seconds, options.rounds)
    sys.stdout.write(table(figures, found) + "\n")
    report = {"variants": {v.title: row for v, row in figures.items()}, "ratios": found, "targets": TARGETS}
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    else:
        sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
