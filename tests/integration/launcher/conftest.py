"""Clones that a test starts, and that are stopped after it."""

import pytest

from tests.kit.clone import Clone


@pytest.fixture
def clone(tmp_path):
    made: list[Clone] = []

    def make(name: str) -> Clone:
        for parent in (tmp_path, *tmp_path.parents[:2]):
            parent.chmod(0o755)
        made.append(Clone(tmp_path / name))
        return made[-1]

    yield make
    for each in made:
        each.trato("down")
