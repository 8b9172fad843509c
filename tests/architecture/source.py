"""The source tree as these tests look at it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("chassis", "contracts", "services", "gateway", "tools", "sdk")


def modules(*packages: str) -> list[Path]:
    """Return our modules, migrations apart: those are generated."""
    return sorted(
        path
        for package in packages or PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    )


def services() -> list[Path]:
    """Return the folder of each service."""
    return sorted(path.parent for path in (ROOT / "services").glob("*/service.py"))


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    """Return a path as a test names it."""
    return str(path.relative_to(ROOT))
