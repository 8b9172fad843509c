"""Lets pytest-xdist hand tests to a worker whose own threads are green."""

from eventlet.patcher import original
from execnet.gateway_base import ThreadExecModel


def let_real_threads_wake_us() -> None:
    """Give execnet real locks: its receiver is a real thread, which cannot wake a green one."""
    threading = original("threading")
    for name in ("Lock", "RLock", "Event"):
        make = getattr(threading, name)
        setattr(ThreadExecModel, name, lambda _self, make=make: make())
