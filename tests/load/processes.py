"""What the parts of a stack use: CPU seconds and memory, each with the processes below it."""

import os
from pathlib import Path

from tests.kit.stack import Stack

TICK = os.sysconf("SC_CLK_TCK")


def parts(stack: Stack) -> dict[str, list[int]]:
    """Return the process ids of each part, children included."""
    roots = {name: part.pid for name, part in stack.parts.items()}
    if stack.broker is not None and stack.broker._server is not None:
        roots["broker"] = stack.broker._server.pid
    if stack.postgres is not None and stack.postgres._server is not None:
        roots["postgres"] = stack.postgres._server.pid
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            children.setdefault(int(stat[1]), []).append(int(entry.name))

    def below(pid: int) -> list[int]:
        return [pid, *(inner for child in children.get(pid, ()) for inner in below(child))]

    return {name: below(pid) for name, pid in roots.items()}


def cpu_seconds(stack: Stack) -> dict[str, float]:
    """Return CPU seconds used so far by each part, and by this process as ``client``."""
    used = {name: sum(map(_cpu, pids)) for name, pids in parts(stack).items()}
    return {**used, "client": _cpu(os.getpid())}


def memory_mb(stack: Stack) -> dict[str, float]:
    """Return the proportional set size of each part in MB."""
    return {name: round(sum(map(_pss, pids)), 1) for name, pids in parts(stack).items()}


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu(pid: int) -> float:
    stat = _stat(pid)
    # user, system, and what children that have ended used
    return sum(int(stat[index]) for index in (11, 12, 13, 14)) / TICK if stat else 0.0


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
