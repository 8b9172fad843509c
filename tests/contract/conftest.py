"""One running suite for all tests of the HTTP surface."""

from collections.abc import Iterator

import pytest

from tests.kit.rabbitmq import RabbitMQ
from tests.kit.stack import Stack


@pytest.fixture(scope="session")
def stack(steady_rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The suite on SQLite and on this worker's broker, with the demo users signed in on demand."""
    running = Stack(tmp_path_factory.mktemp("surface"), shared_broker=steady_rabbitmq)
    try:
        yield running.up()
    finally:
        running.stop()
