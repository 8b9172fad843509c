"""The launcher's own process: at most one per clone, found again by its lock and its identity."""

import fcntl
import json
import os
import signal
import time
from pathlib import Path
from typing import TextIO

from tools.launcher import processes
from tools.launcher.place import Place
from tools.launcher.processes import Identity
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr


def take_lock(place: Place) -> TextIO | None:
    """Return the open lock, to be kept as long as the launcher runs; None when another launcher holds it."""
    stream = (place.hidden / "lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stream.close()
        return None
    return stream


def announce(place: Place, address: str, choices: str) -> None:
    """Write down who watches over the stack and where it answers."""
    mine = processes.identify(os.getpid())
    if mine is not None:
        line = {"pid": mine.pid, "began": mine.began, "address": address, "choices": choices}
        _file(place).write_text(json.dumps(line), encoding="utf-8")


def withdraw(place: Place) -> None:
    """Forget what was announced."""
    _file(place).unlink(missing_ok=True)


def launcher(place: Place) -> tuple[Identity, str, str] | None:
    """Return the running launcher with its address and choices, None when there is none."""
    try:
        line = json.loads(_file(place).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    identity = Identity(line["pid"], line["began"])
    return (identity, line["address"], line["choices"]) if identity.alive() else None


def stop(place: Place, *, seconds: float = 75.0) -> list[str]:
    """Stop the launcher and all that it runs, then what an earlier one left; return the names of the stopped.

    Raises ``Trouble`` when the launcher does not end in time.
    """
    names = list(processes.recorded(place))
    found = launcher(place)
    if found is not None:
        identity = found[0]
        identity.signal(signal.SIGTERM)
        end = time.monotonic() + seconds
        while identity.alive():
            if time.monotonic() > end:
                raise Trouble(
                    tr(
                        f"The launcher (pid {identity.pid}) does not stop.",
                        f"El lanzador (pid {identity.pid}) no se detiene.",
                    ),
                    place.log("launcher"),
                )
            time.sleep(0.1)
        withdraw(place)
    processes.stop_recorded(place)
    return names


def _file(place: Place) -> Path:
    return place.hidden / "launcher.json"
