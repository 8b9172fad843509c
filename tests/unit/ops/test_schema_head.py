"""The newest migration is found without loading Alembic."""

import pytest

from chassis.ops.schema_head import heads


@pytest.fixture
def migrations(tmp_path):
    (tmp_path / "versions").mkdir()

    def write(revision, down):
        text = f'revision: str = "{revision}"\ndown_revision: str | None = {down!r}\ndepends_on = None\n'
        (tmp_path / "versions" / f"{revision}.py").write_text(text)

    return tmp_path, write


def test_no_migrations_have_no_head(migrations):
    assert heads(migrations[0]) == frozenset()


def test_the_head_is_what_nothing_replaces(migrations):
    folder, write = migrations
    write("a1", None)
    write("b2", "a1")
    write("c3", "b2")
    assert heads(folder) == {"c3"}


def test_a_merge_replaces_both_branches(migrations):
    folder, write = migrations
    write("a1", None)
    write("b2", "a1")
    write("b3", "a1")
    write("c4", ("b2", "b3"))
    assert heads(folder) == {"c4"}
