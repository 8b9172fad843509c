"""Clones that a test starts, and that are stopped after it."""

import pytest

from tests.kit.clone import Clone
from tests.kit.files import let_others_in


@pytest.fixture
def clone(tmp_path):
    made: list[Clone] = []

    def make(name: str) -> Clone:
        let_others_in(tmp_path)
        made.append(Clone(tmp_path / name))
        return made[-1]

    yield make
    for each in made:
        each.trato("down")
