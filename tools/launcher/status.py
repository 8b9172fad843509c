"""`./trato status` and `./trato logs`: what runs, since when, with how much memory, and what it wrote."""

import os
import subprocess
import time
from pathlib import Path

from tools.launcher import processes, prometheus, ready, running
from tools.launcher.memory import state
from tools.launcher.place import Place
from tools.launcher.processes import Identity
from tools.launcher.terminal import complain, say
from tools.launcher.trouble import last_lines
from tools.launcher.words import tr


def show(place: Place) -> int:
    """Write one line per program; return 0 when the gateway is ready, 3 when not."""
    found = running.launcher(place)
    if found is None:
        say(tr("Trato is not running here.", "Trato no está en marcha aquí."))
        return 3
    identity, address, choices = found
    say(f"Trato  {address}  ({choices})")
    rows = {"launcher": identity} | {name: entry[0] for name, entry in processes.recorded(place).items()}
    say(f"  {tr('program', 'programa'):<16} {'pid':>8} {tr('up for', 'desde hace'):>12} {tr('memory', 'memoria'):>10}")
    total = 0
    for name, who in rows.items():
        memory = sum(_pss(pid) for pid in _session(who.pid)) if name != "launcher" else _pss(who.pid)
        total += memory
        say(f"  {name:<16} {who.pid:>8} {_age(who):>12} {memory / 1e6:>7.0f} MB")
    say(f"  {'':<16} {'':>8} {'':>12} {total / 1e6:>7.0f} MB")
    if prometheus.NAME in rows:
        say(f"  Prometheus  {prometheus.address(place)}")
    is_ready = ready.http_ok("127.0.0.1", state(place).get("port.gateway", 0), "/readyz")
    say(
        tr("  The gateway is ready.", "  La pasarela está lista.")
        if is_ready
        else tr("  The gateway is not ready.", "  La pasarela no está lista.")
    )
    return 0 if is_ready else 3


def logs(place: Place, name: str | None, *, follow: bool, lines: int) -> int:
    """Write the end of one log, or name those that exist."""
    folder = place.hidden / "logs"
    names = sorted(path.stem for path in folder.glob("*.log"))
    if name is None:
        say(tr("Logs: ", "Registros: ") + ", ".join(names))
        return 0
    if name not in names:
        complain(tr(f"There is no log {name}; there are: ", f"No hay registro {name}; hay: ") + ", ".join(names))
        return 2
    if follow:
        return subprocess.run(["tail", "-n", str(lines), "-F", str(place.log(name))], check=False).returncode
    say("\n".join(last_lines(place.log(name), lines)))
    return 0


def _age(who: Identity) -> str:
    uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    seconds = max(0, int(uptime - int(who.began) / os.sysconf("SC_CLK_TCK")))
    return time.strftime("%H:%M:%S", time.gmtime(seconds)) if seconds < 86_400 else f"{seconds // 86_400} d"  # noqa: PLR2004


def _session(leader: int) -> list[int]:
    """Return every process of the session that ``leader`` began."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[3]) == leader:
            found.append(int(path.parent.name))
    return found


def _pss(pid: int) -> int:
    """Return the proportional memory of a process in bytes; 0 when it is not ours to read."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0
