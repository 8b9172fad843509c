"""A teller and a listener for each test, on SQLite and on PostgreSQL."""

import pytest

from tests.broker.events.world import Listener, Teller


@pytest.fixture
def teller(broker, tmp_path):
    side = Teller("shop", f"sqlite:///{tmp_path / 'shop.sqlite3'}", broker)
    yield side
    side.close()


@pytest.fixture
def listener(broker, database_url):
    side = Listener("counting", database_url, broker)
    yield side
    side.close()
