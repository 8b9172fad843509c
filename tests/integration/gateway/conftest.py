"""A gateway in a process of its own, in front of two small services, on a real broker."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.integration.gateway.people import ADMIN_TOKEN
from tests.kit.rabbitmq import RabbitMQ, free_ports

ROOT = Path(__file__).resolve().parents[3]
SECRET = "development-only-secret-never-use-it-elsewhere"
BLOCK = 8  # seconds that a block of a page may take, so that a machine that stalls leaves none out


@dataclass
class Door:
    """A running gateway and its services; ``client`` signs with the administrator's key."""

    broker_url: str
    port: int
    log: Path
    blobs: Path
    settings: dict[str, str] = field(default_factory=dict)
    gateway: subprocess.Popen[bytes] | None = None
    services: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, token: str | None = ADMIN_TOKEN, **headers: str) -> httpx.Client:
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Client(
            base_url=self.url, headers={"Accept-Language": "en", **signed, **named}, timeout=60, verify=False
        )

    def start(self) -> None:
        environment = {
            **os.environ,
            "TRATO_ENVIRONMENT": "development",
            "TRATO_BROKER_URL": self.broker_url,
            "TRATO_HTTP_ADDRESS": f"127.0.0.1:{self.port}",
            "TRATO_BLOBS": self.blobs.as_uri(),
            "TRATO_LOG_FORMAT": "json",
            **self.settings,
        }
        with self.log.open("ab") as log:
            self.gateway = subprocess.Popen(
                [sys.executable, "-m", "gateway"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        self.wait_until_ready()

    def start_service(self, name: str) -> None:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.integration.gateway.standin", self.broker_url, name],
                cwd=ROOT,
                env={**os.environ, "EVENTLET_NO_GREENDNS": "yes"},  # half of the time it takes to start
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.services[name] = process
        assert process.stdout is not None
        told, _, _ = select.select([process.stdout], [], [], 60)
        assert told, f"{name} did not come up: {self.log.read_text()}"
        assert process.stdout.readline() == b"ready\n", self.log.read_text()

    def stop_service(self, name: str) -> None:
        end(self.services.pop(name))

    def wait_until_ready(self) -> None:
        assert self.gateway is not None
        until = time.monotonic() + 60
        while time.monotonic() < until and self.gateway.poll() is None:
            try:
                # Not only ready: what is told from now on is heard too.
                ready = httpx.get(f"{self.url}/readyz")
                if ready.status_code == 200 and ready.json()["event_feed"]:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def worker_pid(self) -> int:
        assert self.gateway is not None
        children = Path(f"/proc/{self.gateway.pid}/task/{self.gateway.pid}/children").read_text()
        return int(children.split()[0])

    def stop(self) -> None:
        end(*(process for process in (self.gateway, *self.services.values()) if process is not None))


def end(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def open_door(rabbitmq: RabbitMQ, directory: Path, **settings: str) -> Door:
    (directory / "blobs").mkdir()
    patient = {"TRATO_GATEWAY_BLOCK_TIMEOUT_MS": str(BLOCK * 1000), **settings}
    door = Door(rabbitmq.new_vhost(), free_ports(1), directory / "log", directory / "blobs", patient)
    try:
        for name in ("administration", "contacts"):
            door.start_service(name)
        door.start()
    except BaseException:
        door.stop()
        raise
    return door


def quick(get: Callable[[], httpx.Response], seconds: float, times: int = 5) -> httpx.Response:
    """Return the first answer that took less than so long: a stall holds up one of several, a fault all of them."""
    for _ in range(times):
        answer = get()
        if answer.elapsed.total_seconds() < seconds:
            return answer
    raise AssertionError(f"none of {times} answers took less than {seconds} s")


def eventually(true: Callable[[], object], seconds: float = 30) -> None:
    """Return when it is true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def door(steady_rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A gateway that many tests share; whoever stops a part of it uses ``own_gateway`` or ``own_door``."""
    opened = open_door(
        steady_rabbitmq,
        tmp_path_factory.mktemp("door"),
        TRATO_GATEWAY_STRANGER_RATE="1000",
    )
    yield opened
    opened.stop()


@pytest.fixture
def own_gateway(door: Door, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Door]:
    """A gateway of this test's own before the shared services; ``@pytest.mark.parametrize`` may give settings."""
    settings = getattr(request, "param", {})
    opened = Door(door.broker_url, free_ports(1), tmp_path / "log", door.blobs, settings)
    try:
        opened.start()
        yield opened
    finally:
        opened.stop()


@pytest.fixture
def own_door(steady_rabbitmq: RabbitMQ, tmp_path: Path) -> Iterator[Door]:
    """A gateway and services of this test's own, of which it may stop some."""
    opened = open_door(steady_rabbitmq, tmp_path)
    yield opened
    opened.stop()


@pytest.fixture
def frail_door(rabbitmq: RabbitMQ, tmp_path: Path) -> Iterator[Door]:
    """A gateway of this test's own, on a broker that the test may stop."""
    opened = open_door(rabbitmq, tmp_path)
    yield opened
    opened.stop()


@pytest.fixture
def client(door: Door) -> Iterator[httpx.Client]:
    with door.client() as opened:
        yield opened
