import ast
import functools
import importlib

import pytest

from chassis import events
from tests.architecture.source import ROOT, modules, tree

for _path in sorted((ROOT / "contracts").glob("*.py")):
    importlib.import_module(f"contracts.{_path.stem}" if _path.stem != "__init__" else "contracts")

DECLARED = [event for event in events.registered() if event.__module__.startswith("contracts.")]


@functools.cache
def _calls(folder):
    """Return what is called in a folder, by the names that it was imported from."""
    return {
        f"{_imported(path).get(first, first)}{dot}{rest}"
        for path in modules(folder)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for first, dot, rest in [ast.unparse(node.func).partition(".")]
    }


@functools.cache
def _imported(path):
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _called(event):
    return f"{event.__module__}.{event.__name__}"


def _heard():
    return {
        ast.unparse(argument).rpartition(".")[2]
        for path in modules("services", "gateway")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"on", "reactions.on"}
        for argument in node.args
    }


@pytest.mark.parametrize("event", DECLARED, ids=lambda event: event.type)
def test_an_event_is_told_by_its_owner(event):
    owner = event.source
    assert _called(event) in _calls(f"services/{owner}"), "nobody tells it"


@pytest.mark.parametrize("event", DECLARED, ids=lambda event: event.type)
def test_nobody_else_tells_it(event):
    owner = event.source
    others = [folder.name for folder in (ROOT / "services").iterdir() if folder.is_dir() and folder.name != owner]
    assert all(_called(event) not in _calls(f"services/{other}") for other in others)


@pytest.mark.parametrize("event", DECLARED, ids=lambda event: event.type)
def test_an_event_is_heard_or_meant_for_the_public(event):
    concerns_contacts = events.concerns_contacts(event)
    assert event.__name__ in _heard() or concerns_contacts or event.public, "hear it, or declare it public=True"


@pytest.mark.parametrize("event", DECLARED, ids=lambda event: event.type)
def test_an_event_documents_itself(event):
    assert event.__doc__
    assert not event.__doc__.startswith(f"{event.__name__}("), "a dataclass invents that docstring; write one"
