"""A program that the launcher runs, known by its pid and the instant it began, so that no stranger is signalled."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.launcher.place import Place

_LARGE_LOG = 5_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """How to run something that stays: ``tier`` orders stopping (the highest stops first)."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(repr=False)
    tier: int
    user: str | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 20.0


@dataclass(frozen=True, slots=True)
class Identity:
    """A process that cannot be taken for another: a pid alone is given anew after a while."""

    pid: int
    began: str

    def alive(self) -> bool:
        """Whether this very process still runs."""
        return _began(self.pid) == self.began

    def signal(self, number: signal.Signals, *, group: bool = False) -> None:
        """Send a signal when the process is still the one we started."""
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(self.pid, number)


def identify(pid: int) -> Identity | None:
    """Return the identity of a running process, or None when there is none."""
    began = _began(pid)
    return Identity(pid, began) if began else None


def start(place: Place, program: Program) -> tuple[subprocess.Popen[bytes], Identity]:
    """Start a program in a session of its own, its output appended to its log."""
    log = place.log(program.name)
    if log.exists() and log.stat().st_size > _LARGE_LOG:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as out:
        running = subprocess.Popen(
            program.command,
            env=dict(program.environment),
            cwd=program.folder or place.root,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            user=program.user,
            group=program.user,
            extra_groups=[] if program.user else None,
        )
    identity = identify(running.pid) or Identity(running.pid, "gone")
    record(place, program.name, identity, tier=program.tier, stop_signal=program.stop_signal)
    return running, identity


def record(place: Place, name: str, identity: Identity, *, tier: int, stop_signal: signal.Signals) -> None:
    """Write down that a process is ours."""
    line = {"pid": identity.pid, "began": identity.began, "tier": tier, "signal": int(stop_signal)}
    # Whoever reads meanwhile sees the line before or the line after, never half of one.
    fresh = place.runs / f"{name}.json.new"
    fresh.write_text(json.dumps(line), encoding="ascii")
    fresh.replace(fresh.with_suffix(""))


def forget(place: Place, name: str) -> None:
    """Remove what was written down."""
    (place.runs / f"{name}.json").unlink(missing_ok=True)


def recorded(place: Place) -> dict[str, tuple[Identity, int, signal.Signals]]:
    """Return the processes written down that still run, by name, with tier and stop signal."""
    found: dict[str, tuple[Identity, int, signal.Signals]] = {}
    for path in sorted(place.runs.glob("*.json")):
        line = json.loads(path.read_text(encoding="ascii"))
        identity = Identity(line["pid"], line["began"])
        if identity.alive():
            found[path.stem] = (identity, line["tier"], signal.Signals(line["signal"]))
        else:
            path.unlink(missing_ok=True)
    return found


def stop_recorded(place: Place, *, patience: float = 20.0) -> list[str]:
    """Stop what an earlier launcher left running, the highest tier first; return the names."""
    left = recorded(place)
    for tier in sorted({tier for _, tier, _ in left.values()}, reverse=True):
        those = {name: entry for name, entry in left.items() if entry[1] == tier}
        for identity, _, number in those.values():
            identity.signal(number)
        end = time.monotonic() + patience
        while time.monotonic() < end and any(identity.alive() for identity, _, _ in those.values()):
            time.sleep(0.1)
        for name, (identity, _, _) in those.items():
            identity.signal(signal.SIGKILL, group=True)
            forget(place, name)
    return list(left)


def _began(pid: int) -> str:
    """Return when the process began, in clock ticks since boot; empty when it is gone or only waits to be reaped."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    state, began = after_name[0], after_name[19]
    return "" if state in {"Z", "X"} else began
