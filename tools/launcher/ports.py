"""Free ports: a clone keeps those it had, and takes others when somebody else has them now."""

import random
import socket
from pathlib import Path

from tools.launcher.memory import Memory
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr

# Below the range from which Linux gives ports to outgoing connections, so that none is lost to a client.
_FIRST, _LAST = 20_000, 32_000

# Held until this process ends, so that two clones that start at the same moment do not choose the same port.
_reservations: dict[int, tuple[Path, socket.socket]] = {}


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on ``port`` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def remembered(memory: Memory, name: str, *, count: int = 1, prefer: int | None = None) -> int:
    """Return the first of ``count`` free ports in a row, the ones this clone used last when they are free.

    ``prefer`` is tried next, then the ports after it; without it a random place is taken.
    """
    key = f"port.{name}"
    kept = memory.get(key, 0)
    start = prefer or random.randrange(_FIRST, _LAST - count)  # noqa: S311 - spreads clones, keeps no secret
    candidates = [kept, *range(start, start + 1_000)] if kept else range(start, start + 1_000)
    for port in candidates:
        if all(is_free(port + offset) and _reserve(port + offset, memory.path) for offset in range(count)):
            memory.put(key, port)
            return port
    raise Trouble(tr(f"No free port was found for {name}.", f"No hay ningún puerto libre para {name}."))


def demanded(memory: Memory, name: str, port: int) -> int:
    """Return ``port`` when it is free; raises ``Trouble`` when somebody has it."""
    if not (is_free(port) and _reserve(port, memory.path)):
        raise Trouble(tr(f"Port {port} is taken by another program.", f"El puerto {port} lo usa otro programa."))
    memory.put(f"port.{name}", port)
    return port


def _reserve(port: int, owner: Path) -> bool:
    """Whether no other launcher of this machine has chosen ``port``; from now on it is ours.

    A name in Linux's abstract socket space belongs to one process and goes with it, however it ends.
    """
    if port in _reservations:
        return _reservations[port][0] == owner
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0trato-port-{port}")
    except OSError:
        claim.close()
        return False
    _reservations[port] = (owner, claim)
    return True
