import ast

import pytest

from tests.architecture.source import ROOT, modules, name, services, tree

MUST_HAVE = {"README.md", "__init__.py", "domain", "errors.py", "schemas.py", "handlers.py", "service.py", "migrations"}
ONE_OF = [{"commands.py", "commands"}, {"queries.py", "queries"}]
MAY_HAVE = {"adapters", "operations", "settings.py", "templates", "schemas", "handlers", "errors", "service"}
ENTRYPOINTS = [path for folder in services() for path in (folder / "service.py", *folder.glob("operations/*.py"))]
FLOW = (ast.If, ast.For, ast.While, ast.Try, ast.IfExp, ast.Match, ast.comprehension)


@pytest.mark.parametrize("folder", services(), ids=name)
def test_every_service_looks_alike(folder):
    found = {path.name for path in folder.iterdir() if path.name != "__pycache__"}
    missing = {part for part in MUST_HAVE - found if part.removesuffix(".py") not in found}
    assert not missing
    for choice in ONE_OF:
        assert len(choice & found) == 1
    assert found <= MUST_HAVE | MAY_HAVE | set.union(*ONE_OF)
    assert (folder / "domain" / "base.py").exists()


@pytest.mark.parametrize("path", ENTRYPOINTS, ids=name)
def test_an_entrypoint_only_checks_delegates_and_shapes(path):
    flow = [(node.lineno, type(node).__name__) for node in ast.walk(tree(path)) if isinstance(node, FLOW)]
    assert not flow, "move the decision into commands, queries or the domain"


@pytest.mark.parametrize("folder", services(), ids=name)
def test_a_service_is_named_like_its_folder(folder):
    named = [
        statement.value.value
        for node in tree(folder / "service.py").body
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "name"
        if isinstance(statement.value, ast.Constant)
    ]
    assert named == [folder.name]


def test_no_service_list_is_written_down_in_the_chassis():
    names = {folder.name for folder in services()}
    for path in modules("chassis"):
        texts = {
            node.value
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not names & texts, f"{name(path)} knows a service"


def test_every_service_has_its_contract():
    assert {folder.name for folder in services()} <= {path.stem for path in (ROOT / "contracts").glob("*.py")}
