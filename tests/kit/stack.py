"""The whole suite as separate processes that a test can kill: broker, databases, services, gateway."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kit.postgres import Postgres, start_postgres
from tests.kit.rabbitmq import RabbitMQ, free_ports, start_rabbitmq

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-of-the-test-stack-only-0123456789"
PASSWORD = "trato-demo"
# Settings for tests that look at what answers say: on a machine that stalls for seconds they say the same, later.
PATIENT = {"TRATO_GATEWAY_BLOCK_TIMEOUT_MS": "15000", "TRATO_GATEWAY_REQUEST_TIMEOUT": "30"}


class StackFailed(RuntimeError):
    """A part did not come up; the text holds the end of its log."""


@dataclass
class Answer:
    """An HTTP answer: status, headers in lower case, and the body read as JSON where it is JSON."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Stack:
    """A running suite. ``kill`` and ``start`` work on one part by its name; ``stop`` ends everything.

    The services run apart, or ``together`` in one process that is called ``all``.

    A broker that others use too is given as ``shared_broker`` and outlives the stack; its own one gets
    ``broker_settings``, lines of rabbitmq.conf.
    """

    directory: Path
    database: str = "sqlite"
    durable: bool = False
    workers: int = 1
    together: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    shared_broker: RabbitMQ | None = None
    broker_settings: str = ""
    broker: RabbitMQ | None = None
    postgres: Postgres | None = None
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    broker_url: str = ""
    token: str = ""

    @property
    def services(self) -> list[str]:
        """The services of this tree."""
        return sorted(path.parent.name for path in (ROOT / "services").glob("*/service.py"))

    @property
    def address(self) -> tuple[str, int]:
        """Where the gateway listens."""
        return ("127.0.0.1", self.ports["gateway"])

    @property
    def url(self) -> str:
        """The gateway's base URL."""
        return f"http://127.0.0.1:{self.ports['gateway']}"

    @property
    def environment(self) -> dict[str, str]:
        """What every part reads."""
        shared = {
            **os.environ,
            "TRATO_ENVIRONMENT": "development",
            "TRATO_SECRET_KEY": SECRET,
            "TRATO_BROKER_URL": self.broker_url,
            "TRATO_BLOBS": f"file://{self.directory / 'blobs'}",
            "TRATO_HTTP_ADDRESS": f"127.0.0.1:{self.ports['gateway']}",
            "TRATO_LOG_LEVEL": "WARNING",
            "TRATO_LOG_FORMAT": "json",
            "TRATO_GATEWAY_ADDRESS_RATE": "100000",
            "TRATO_GATEWAY_PRINCIPAL_RATE": "100000",
            "TRATO_GATEWAY_STRANGER_RATE": "1000",
            "MALLOC_ARENA_MAX": "2",
            "MALLOC_MMAP_THRESHOLD_": "65536",
            "MALLOC_TRIM_THRESHOLD_": "65536",
            "PYTHONPATH": str(ROOT),
        }
        for service in self.services:
            shared[f"TRATO_DATABASE_URL_{service.upper()}"] = self.database_url(service)
        return {**shared, **self.settings}

    def database_url(self, service: str) -> str:
        """Return one service's database."""
        if self.postgres is not None:
            return self.postgres.url_of(f"trato_{service}")
        return f"sqlite:///{self.directory}/{service}.sqlite3"

    def up(self) -> "Stack":
        """Start everything, with the demo users, and sign in as the administrator."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if self.shared_broker is None:
            self.broker = self.broker or start_rabbitmq(self.directory / "rabbitmq", settings=self.broker_settings)
        self.broker_url = (self.shared_broker or self.broker).new_vhost()
        if self.database == "postgresql":
            self.postgres = self.postgres or start_postgres(self.directory / "postgres", durable=self.durable)
            for service in self.services:
                self.postgres.new_database(f"trato_{service}")
        runners = ["all"] if self.together else self.services
        parts = ("gateway", *runners)
        first = free_ports(len(parts))
        self.ports = {name: first + place for place, name in enumerate(parts)}
        self.tool("tools.migrate", "up")
        for runner in runners:
            self.start(runner, wait=False)
        self.start("gateway", wait=False)
        for name in self.parts:
            self.wait(name)
        self.tool("tools.demo.users")
        self.token = self.new_token("admin")
        return self

    def tool(self, module: str, *arguments: str, timeout: float = 300) -> str:
        """Run one of our command-line tools against this stack and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=timeout,
        )  # fmt: skip
        if done.returncode:
            raise StackFailed(f"{module} {' '.join(arguments)}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
        return done.stdout

    def start(self, name: str, *, wait: bool = True) -> None:
        """Start one service or the gateway."""
        environment = self.environment
        if name == "gateway":
            command = [sys.executable, "-m", "gateway"]
        else:
            environment["TRATO_OPS_ADDRESS"] = f"127.0.0.1:{self.ports[name]}"
            command = [sys.executable, "-m", "chassis.ops.runner", name, "--workers", str(self.workers)]
        log = (self.directory / f"{name}.log").open("ab")
        self.parts[name] = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        if wait:
            self.wait(name)

    def wait(self, name: str, seconds: float = 180) -> None:
        """Return when a part says that it is ready."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.parts[name].poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/readyz", timeout=10):
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        raise StackFailed(f"{name} did not come up:\n{self.log(name)[-3000:]}")

    def kill(self, name: str) -> None:
        """Kill a part with all its processes (-9), without a word of warning."""
        part = self.parts.pop(name)
        _signal_group(part, signal.SIGKILL)
        part.wait()

    def terminate(self, name: str, seconds: float = 120) -> int:
        """Ask a part to stop and return its exit status."""
        part = self.parts.pop(name)
        part.terminate()
        try:
            return part.wait(seconds)
        except subprocess.TimeoutExpired:
            _signal_group(part, signal.SIGKILL)
            part.wait()
            raise

    def log(self, name: str) -> str:
        """Return what a part has written."""
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def stop(self) -> None:
        """End everything this stack started."""
        for name in list(self.parts):
            self.kill(name)
        if self.broker is not None:
            self.broker.stop()
        if self.postgres is not None:
            self.postgres.stop()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 20,
    ) -> Answer:
        """Ask the gateway; an error status is an answer like any other."""
        sent = {"Accept": "application/json", **(headers or {})}
        if (credential := self.token if token is None else token) != "":
            sent["Authorization"] = f"Bearer {credential}"
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(f"{self.url}{path}", content, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return _answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error.headers, error.read())

    def new_token(self, username: str, scopes: list[str] | None = None) -> str:
        """Sign in as a demo user and return a new API key."""
        session = self.call("POST", "/v1/session", {"username": username, "password": PASSWORD}, token="")
        if session.status != 201:
            raise StackFailed(f"signing in as {username}: {session}")
        access = session.body["access_token"]
        key = self.call("POST", "/v1/api-keys", {"name": "test", "scopes": scopes or ["*:*"]}, token=access)
        if key.status != 201:
            raise StackFailed(f"making a key for {username}: {key}")
        return str(key.body["token"])


def _answer(status: int, headers: Any, content: bytes) -> Answer:
    kind = headers.get("Content-Type", "")
    body = json.loads(content) if "json" in kind and content else content
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)


def _signal_group(part: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(part.pid, number)
