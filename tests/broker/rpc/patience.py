"""Waiting for what is so, instead of for seconds: a busy machine may stand still between any two lines of a test."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from nameko.runners import run_services

from chassis.client import Client, PendingCall, Reply
from tests.broker.rpc.a_service import until_calls_arrive

LONG: Final = 60.0  # seconds for a call whose time is not what a test is about


class PatientClient(Client):
    """A client that is connected when it is made, and whose calls may take long where a test does not say."""

    def __init__(self, broker_url: str) -> None:
        super().__init__(broker_url, name="test")
        eventually(lambda: self.is_connected)

    def call(self, operation: str, *ids: str, timeout: float = LONG, **more: Any) -> Reply:
        return super().call(operation, *ids, timeout=timeout, **more)

    def submit(self, operation: str, *ids: str, timeout: float = LONG, **more: Any) -> PendingCall:
        return super().submit(operation, *ids, timeout=timeout, **more)


@contextmanager
def running(url: str, *services: type) -> Iterator[None]:
    """Have services run in this process; they receive calls inside the block."""
    with run_services({"AMQP_URI": url, "max_workers": 10}, *services) as runner:
        until_calls_arrive(runner)
        yield


def eventually(condition: Callable[[], object], seconds: float = LONG) -> float:
    """Wait until it is true without an exception; return the seconds it took."""
    started = time.monotonic()
    problem: Exception | None = None
    while time.monotonic() - started < seconds:
        try:
            if condition():
                return time.monotonic() - started
        except Exception as error:  # noqa: BLE001 - told below if it does not go away
            problem = error
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {problem!r}")


def quickest(act: Callable[[], object], enough: float, times: int = 5) -> float:
    """Return the fewest seconds that it takes, tried again until they are ``enough``.

    A machine that stalls holds up one of several attempts; a fault holds up each.
    """
    least = float("inf")
    for _ in range(times):
        started = time.monotonic()
        act()
        least = min(least, time.monotonic() - started)
        if least < enough:
            break
    return least


def executions(note: Path) -> list[int]:
    """Return the processes that have noted there what they execute, each line of them whole."""
    lines = note.read_text().splitlines(keepends=True) if note.exists() else []
    return [int(line) for line in lines if line.endswith("\n")]
