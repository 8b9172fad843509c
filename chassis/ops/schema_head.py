"""Which migration a service's code expects, read from the files without loading Alembic (8 MB a process)."""

import ast
import functools
from pathlib import Path


@functools.cache
def heads(migrations: Path) -> frozenset[str]:
    """Return the newest revisions of a migrations folder; normally one, none for an empty folder."""
    revisions: set[str] = set()
    replaced: set[str] = set()
    for file in sorted((migrations / "versions").glob("*.py")):
        names = _assignments(file)
        revisions |= _texts(names.get("revision"))
        replaced |= _texts(names.get("down_revision"))
    return frozenset(revisions - replaced)


def _assignments(file: Path) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
    return found


def _texts(value: ast.expr | None) -> set[str]:
    literal = None if value is None else ast.literal_eval(value)
    return {literal} if isinstance(literal, str) else set(literal or ())
