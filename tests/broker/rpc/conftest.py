"""Services in processes of their own, and clients that ask them through a real broker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from chassis.client import Client

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class ServiceProcess:
    """A service that runs elsewhere."""

    name: str
    process: "subprocess.Popen[bytes]"

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def wait(self, seconds: float = 30) -> int:
        return self.process.wait(seconds)

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None


StartService = Callable[..., ServiceProcess]


@pytest.fixture
def start_service(broker: str) -> Iterator[StartService]:
    """Start ``start_service(name, workers=…, heartbeat=…)`` in its own process; it receives calls when this returns."""
    with ExitStack() as stack:

        def start(name: str = "target", *, workers: int = 10, heartbeat: int = 10) -> ServiceProcess:
            command = [sys.executable, "-W", "ignore", "-m", "tests.broker.rpc.a_service"]
            process = subprocess.Popen(
                [*command, name, broker, str(workers), str(heartbeat)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(ROOT), "EVENTLET_NO_GREENDNS": "yes"},
            )
            stack.callback(process.wait, 10)
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            return ServiceProcess(name, process)

        yield start


@pytest.fixture
def client(broker: str) -> Iterator[Client]:
    """A client in this process, which is green as a service's process is."""
    client = Client(broker, name="test")
    yield client
    client.close()


@pytest.fixture
def run_plain(broker: str) -> Callable[[str], str]:
    """Run Python code in a process without eventlet, as the gateway is; ``client`` is a Client there."""

    def run(code: str) -> str:
        prelude = f"from chassis.client import *\nclient = Client({broker!r})\n"
        done = subprocess.run(
            [sys.executable, "-c", prelude + code], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def eventually() -> Callable[[Callable[[], object], float], float]:
    """``eventually(condition, seconds)`` waits until it is true without an exception; gives the seconds it took."""

    def wait(condition: Callable[[], object], seconds: float = 60.0) -> float:
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

    return wait
