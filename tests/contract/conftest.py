"""One running suite for all tests of the HTTP surface."""

from collections.abc import Iterator

import pytest

from tests.kit.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The suite on SQLite, with the demo users signed in on demand."""
    running = Stack(tmp_path_factory.mktemp("surface"))
    try:
        yield running.up()
    finally:
        running.stop()
