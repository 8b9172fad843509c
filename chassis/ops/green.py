"""Makes this process green when it is imported, which a program does before it imports anything else."""

import os
import socket
import warnings
from typing import Any

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
# eventlet's own resolver costs 16 MB and answers otherwise than the system's; ours, below, asks the system.
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")  # noqa: TID251 - eventlet takes this in no other way
os.environ.setdefault("EVENTLET_THREADPOOL_SIZE", "4")  # noqa: TID251 - the same

import eventlet  # noqa: E402 - the lines above must come first
from eventlet import tpool  # noqa: E402

eventlet.monkey_patch()

_ask_the_system = socket.getaddrinfo


def _getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:  # noqa: A002, PLR0917 - as the standard library has it
    """Resolve a name in a thread, because the system waits for its answer; an address needs no waiting."""
    try:
        return _ask_the_system(host, port, family, type, proto, flags | socket.AI_NUMERICHOST)
    except socket.gaierror:
        return tpool.execute(_ask_the_system, host, port, family, type, proto, flags)


socket.getaddrinfo = _getaddrinfo
