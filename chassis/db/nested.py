"""A list inside a row: what a sub-query finds for each row, as one more column, without a second round trip."""

import dataclasses
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from chassis.db.json_values import JsonValues


def nested(shape: type, query: "sa.Select[Any]", *, of: Any) -> "sa.ScalarSelect[Any]":
    """Return the rows of ``query`` as a list of ``shape``, in their order; it may refer to the row of ``of``.

    ``query`` selects the attributes of ``shape`` under their names; they are ids, texts, choices, days, whole
    numbers and flags.
    """
    rows = query.correlate(of).subquery()
    members = [
        part
        for field in dataclasses.fields(shape)
        for part in (sa.literal_column(f"'{field.name}'"), rows.c[field.name])
    ]
    listed = _Array(_Object(*members), type_=JsonValues(shape, many=True))
    return sa.select(listed).select_from(rows).scalar_subquery()


class _Object(FunctionElement[Any]):
    """A JSON object of names and values."""

    inherit_cache = True
    type = sa.JSON()


class _Array(FunctionElement[Any]):
    """The JSON array of all rows; empty where there are none."""

    inherit_cache = True

    def __init__(self, item: _Object, *, type_: JsonValues) -> None:
        self.type = type_
        super().__init__(item)


@compiles(_Object, "postgresql")
def _postgres_object(element: _Object, compiler: Any, **options: Any) -> str:
    return f"json_build_object({', '.join(compiler.process(part, **options) for part in element.clauses)})"


@compiles(_Array, "postgresql")
def _postgres_array(element: _Array, compiler: Any, **options: Any) -> str:
    return f"coalesce(json_agg({compiler.process(element.clauses, **options)}), '[]')"


@compiles(_Object, "sqlite")
def _sqlite_object(element: _Object, compiler: Any, **options: Any) -> str:
    parts = []
    for part in element.clauses:
        text = compiler.process(part, **options)
        # SQLite keeps flags as 0 and 1.
        parts.append(f"json(iif({text}, 'true', 'false'))" if isinstance(part.type, sa.Boolean) else text)
    return f"json_object({', '.join(parts)})"


@compiles(_Array, "sqlite")
def _sqlite_array(element: _Array, compiler: Any, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"
