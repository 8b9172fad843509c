"""The real parts of a test run: RabbitMQ and PostgreSQL, per test worker, started when asked for.

A test worker is one process of pytest-xdist, or pytest itself. Each test gets a virtual host or a database of its own.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chassis import clock
from tests.kit.postgres import Postgres, start_postgres
from tests.kit.rabbitmq import RabbitMQ, start_rabbitmq

if TYPE_CHECKING:
    from tests.kit.service import TestedService


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A RabbitMQ node of this test worker; a test that breaks it restarts it before it ends."""
    node = start_rabbitmq(tmp_path_factory.mktemp("rabbitmq"))
    yield node
    node.stop()


@pytest.fixture(scope="session")
def steady_rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """Another node of this test worker, which no test breaks: for what serves many tests and stays connected."""
    node = start_rabbitmq(tmp_path_factory.mktemp("steady-rabbitmq"))
    yield node
    node.stop()


@pytest.fixture
def broker(rabbitmq: RabbitMQ) -> Iterator[str]:
    """The AMQP URL of an empty virtual host."""
    url = rabbitmq.new_vhost()
    yield url
    rabbitmq.delete_vhost(url)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test worker."""
    directory = Path(tempfile.mkdtemp(prefix="trato-postgres-"))
    server = start_postgres(directory)
    yield server
    server.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; every test that asks runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop_database(url)


@pytest.fixture(scope="session")
def tested_services(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[dict[tuple[str, str], TestedService]]":
    """The services this worker has made so far, by name and kind of database."""
    made: dict[tuple[str, str], TestedService] = {}
    yield made
    for service in made.values():
        service.database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def run_service(
    request: pytest.FixtureRequest,
    tested_services: "dict[tuple[str, str], TestedService]",
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> "Iterator[Callable[[str], TestedService]]":
    """Give a service by its name, on an empty database of either kind; every test runs once on each."""
    used = []

    # Loading services takes a second; a run of unit tests alone does without.
    from argon2 import PasswordHasher

    from chassis import passwords
    from tests.kit.service import TestedService

    # Users are made by the hundred; tests/unit/administration/test_passwords.py looks at the real cost.
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))

    def run(name: str) -> TestedService:
        wanted = (name, request.param)
        if wanted not in tested_services:
            if request.param == "sqlite":
                url = f"sqlite:///{tmp_path_factory.mktemp('databases') / name}.sqlite3"
            else:
                url = request.getfixturevalue("postgres").new_database()
            tested_services[wanted] = TestedService.on(name, url)
        used.append(tested_services[wanted])
        return tested_services[wanted]

    yield run
    for service in used:
        service.empty()


@pytest.fixture
def noon() -> Iterator[clock.StoppedClock]:
    """A clock that stands at 2030-01-15 12:00 UTC until the test moves it."""
    from datetime import UTC, datetime

    with clock.stopped(datetime(2030, 1, 15, 12, tzinfo=UTC)) as handle:
        yield handle
