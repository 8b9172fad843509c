"""Conditions on columns that hold a JSON list."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Holds(FunctionElement[bool]):
    """Whether a JSON list holds a text; each database has its own way to ask."""

    type = sa.Boolean()
    inherit_cache = True


def holds(column: Any, text: str) -> sa.ColumnElement[bool]:
    """Return the condition that the JSON list in ``column`` holds ``text``."""
    return _Holds(column, sa.literal(text, sa.String))


@compiles(_Holds, "postgresql")
def _postgres(element: _Holds, compiler: SQLCompiler, **options: Any) -> str:
    column, text = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} @> jsonb_build_array(CAST({text} AS TEXT))"


@compiles(_Holds, "sqlite")
def _sqlite(element: _Holds, compiler: SQLCompiler, **options: Any) -> str:
    column, text = (compiler.process(clause, **options) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS item WHERE item.value = {text})"  # noqa: S608 - compiled clauses, not text from outside
