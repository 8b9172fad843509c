"""The real parts of a test run: one RabbitMQ node and one PostgreSQL server per test worker, started when asked for.

A test worker is one process of pytest-xdist, or pytest itself. Each test gets a virtual host or a database of its own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis import clock
from tests.kit.postgres import Postgres, start_postgres
from tests.kit.rabbitmq import RabbitMQ, start_rabbitmq


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A RabbitMQ node of this test worker; a test that breaks it restarts it before it ends."""
    node = start_rabbitmq(tmp_path_factory.mktemp("rabbitmq"))
    yield node
    node.stop()


@pytest.fixture
def broker(rabbitmq: RabbitMQ) -> Iterator[str]:
    """The AMQP URL of an empty virtual host."""
    url = rabbitmq.new_vhost()
    yield url
    rabbitmq.delete_vhost(url)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server of this test worker."""
    directory: Path = tmp_path_factory.mktemp("postgres")
    for parent in (directory, *directory.parents[:2]):
        parent.chmod(0o755)  # root's temporary folders are closed to the user that PostgreSQL runs as
    server = start_postgres(directory)
    yield server
    server.stop()


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


@pytest.fixture
def noon() -> Iterator[clock.StoppedClock]:
    """A clock that stands at 2030-01-15 12:00 UTC until the test moves it."""
    from datetime import UTC, datetime

    with clock.stopped(datetime(2030, 1, 15, 12, tzinfo=UTC)) as handle:
        yield handle
