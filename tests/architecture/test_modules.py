import ast

import pytest

from tests.architecture.source import modules, name, tree

LONGEST = 300
FORBIDDEN = {"utils", "helpers", "common", "misc", "core", "manager", "types", "constants"}


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_stays_small_and_says_what_lives_there(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST, "split it: one concept a file"
    if text.strip():
        assert ast.get_docstring(tree(path)), "begin with one sentence that says what lives there"


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_has_a_name_that_says_something(path):
    assert path.stem not in FORBIDDEN
    assert path.parent.name not in FORBIDDEN


@pytest.mark.parametrize("path", modules(), ids=name)
def test_annotations_are_real_at_run_time(path):
    futures = [
        node for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert not futures, "it breaks SQLAlchemy composites, and Python 3.11 needs it nowhere"


@pytest.mark.parametrize("path", modules("chassis"), ids=name)
def test_what_the_chassis_offers_is_documented(path):
    silent = [
        node.name
        for node in tree(path).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent
