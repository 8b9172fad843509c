"""Services in processes of their own, and clients that ask them through a real broker."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from amqp.exceptions import NotFound

from chassis.bus.connection import connect, let_go
from chassis.bus.wire import queue_of
from chassis.client import Client
from tests.broker.rpc import patience

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
        self.process.wait(60)

    def wait(self, seconds: float = 120) -> int:
        return self.process.wait(seconds)

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None


StartService = Callable[..., ServiceProcess]


@pytest.fixture
def start_service(broker: str) -> Iterator[StartService]:
    """Start ``start_service(name, workers=…, heartbeat=…)`` in its own process; it receives calls when this returns.

    With a ``patience`` in seconds this returns then in any case: for a broker that is away.
    """
    with ExitStack() as stack:

        def start(
            name: str = "target", *, workers: int = 10, heartbeat: int = 10, patience: float = 60.0
        ) -> ServiceProcess:
            command = [sys.executable, "-W", "ignore", "-m", "tests.broker.rpc.a_service"]
            process = subprocess.Popen(
                [*command, name, broker, str(workers), str(heartbeat), str(patience)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(ROOT), "EVENTLET_NO_GREENDNS": "yes"},
            )
            stack.callback(process.wait, 60)
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            return ServiceProcess(name, process)

        yield start


@pytest.fixture
def client(broker: str) -> Iterator[Client]:
    """A client in this process, which is green as a service's process is."""
    client = patience.PatientClient(broker)
    yield client
    client.close()


@pytest.fixture
def run_plain(broker: str) -> Callable[[str], str]:
    """Run Python code in a process without eventlet, as the gateway is; ``client`` is a connected Client there."""

    def run(code: str) -> str:
        prelude = f"""
import time
from chassis.client import *
def connected():
    client = Client({broker!r})
    while not client.is_connected:
        time.sleep(0.01)
    return client
client = connected()
"""
        done = subprocess.run(
            [sys.executable, "-c", prelude + code], cwd=ROOT, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def eventually() -> Callable[..., float]:
    """``eventually(condition, seconds)`` waits until it is true without an exception; gives the seconds it took."""
    return patience.eventually


@pytest.fixture
def at_the_broker(broker: str) -> Callable[..., tuple[int, int]]:
    """``at_the_broker(name)``: how many calls to a service wait there, and how many processes take them."""

    def look(name: str = "target") -> tuple[int, int]:
        connection = connect(broker, "test")
        try:
            found = connection.channel().queue_declare(queue_of(name), passive=True)
        except NotFound:
            return 0, 0
        else:
            return found.message_count, found.consumer_count
        finally:
            let_go(connection)

    return look
