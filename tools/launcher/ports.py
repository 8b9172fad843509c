"""Free ports: a clone keeps those it had, and takes others when somebody else has them now."""

import random
import socket

from tools.launcher.memory import Memory
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr

# Below the range from which Linux gives ports to outgoing connections, so that none is lost to a client.
_FIRST, _LAST = 20_000, 32_000


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
        if all(is_free(port + offset) for offset in range(count)):
            memory.put(key, port)
            return port
    raise Trouble(tr(f"No free port was found for {name}.", f"No hay ningún puerto libre para {name}."))
