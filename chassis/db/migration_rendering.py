"""How a drafted migration is written: our column types by name, search indexes with their table, formatted."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, ops

from chassis.db.exact_decimal import ExactDecimal
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JsonDocument, JsonValues


def render_item(kind: str, item: Any, context: AutogenContext) -> str | bool:
    """Return how a column type is written in a migration; False leaves it to Alembic.

    What is written must mean the same in ten years, so value objects become the JSON that they are stored as.
    """
    if kind == "server_default":
        return _default(item)
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        context.imports.add("from chassis.db.instants import UtcDateTime")
        return "UtcDateTime()"
    if isinstance(item, ExactDecimal):
        context.imports.add("from chassis.db.exact_decimal import ExactDecimal")
        return f"ExactDecimal({item.precision}, {item.scale})"
    if isinstance(item, JsonValues | JsonDocument):
        context.imports.add("from chassis.db.json_values import JSON_DOCUMENT")
        return "JSON_DOCUMENT"
    if isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def _default(item: Any) -> str | bool:
    # Written for the database at hand a flag would be 0 or 1, which PostgreSQL refuses.
    argument = getattr(item, "arg", None)
    if isinstance(argument, sa.False_ | sa.True_):
        return "sa.true()" if isinstance(argument, sa.True_) else "sa.false()"
    return False


class _SearchIndexOp(MigrateOperation):
    def __init__(self, table: str, *, create: bool) -> None:
        self.table, self.create = table, create

    def reverse(self) -> "_SearchIndexOp":
        return _SearchIndexOp(self.table, create=not self.create)


@renderers.dispatch_for(_SearchIndexOp)
def _render_search_index(context: AutogenContext, op: _SearchIndexOp) -> str:
    context.imports.add("from chassis.db import search_index")
    return f'search_index.{"create" if op.create else "drop"}_index(op, "{op.table}")'


def add_search_indexes(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Add the search index to a new table that has a search text, and to a table that gains one."""
    for script in directives:
        tables = [op.table_name for op in script.upgrade_ops.ops if _brings_search(op)]
        for table in tables:
            script.upgrade_ops.ops.append(_SearchIndexOp(table, create=True))
            script.downgrade_ops.ops.insert(0, _SearchIndexOp(table, create=False))


def _brings_search(op: Any) -> bool:
    if isinstance(op, ops.CreateTableOp):
        return any(getattr(column, "name", None) == "search_text" for column in op.columns)
    if isinstance(op, ops.ModifyTableOps):
        return any(isinstance(change, ops.AddColumnOp) and change.column.name == "search_text" for change in op.ops)
    return False


def tidy(path: Path) -> None:
    """Format a drafted script, where the formatter is installed."""
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if "commands auto generated" not in line and "end Alembic" not in line)
    )
    ruff = Path(sys.executable).with_name("ruff")
    found = str(ruff) if ruff.exists() else shutil.which("ruff")
    if found:
        subprocess.run([found, "format", "--quiet", "--no-force-exclude", str(path)], check=False)  # noqa: S603 - our own tool on our own file
