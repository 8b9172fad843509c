"""SQL on one member of a JSON object, the same on SQLite and PostgreSQL: for filters on custom fields."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from chassis.db.operators import Operator
from chassis.db.operators import compare as plainly

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_ORDER: Final = frozenset({"gt", "gte", "lt", "lte"})


class _Text(FunctionElement[str]):
    """The member as text; a flag is ``true`` or ``false``."""

    type = sa.String()
    inherit_cache = True


class _Number(FunctionElement[Any]):
    """The member where it is a number, else null."""

    type = sa.Float()
    inherit_cache = True


class _Has(FunctionElement[bool]):
    """Whether the member is this text, or a list with it."""

    type = sa.Boolean()
    inherit_cache = True


def compare(document: Any, name: str, operator: Operator, value: Any) -> sa.ColumnElement[bool]:
    """Return the condition on the member ``name``. What looks like a number is also compared as one."""
    # The path is the same for both databases to bind; the compilers below take from it what they need.
    text, number = _Text(document, sa.literal(name)), _Number(document, sa.literal(name))
    if operator in _ORDER and (wanted := _number(value)) is not None:
        return plainly(number, operator, wanted)
    if operator not in {"eq", "ne", "in"}:
        return plainly(text, operator, value)
    found: list[Any] = []
    for item in value if isinstance(value, list) else [value]:
        found.append(_Has(document, sa.literal(name), sa.literal(str(item))))
        if (wanted := _number(item)) is not None:
            found.append(number == wanted)
        if item in {"true", "false"}:
            found.append(text == item)
    either = sa.or_(*found)
    return sa.or_(sa.not_(either), text.is_(None)) if operator == "ne" else either


def _number(value: Any) -> float | None:
    try:
        return float(Decimal(str(value)))
    except (InvalidOperation, OverflowError):
        return None


@compiles(_Text, "postgresql")
def _text_postgres(element: _Text, compiler: SQLCompiler, **options: Any) -> str:
    document, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({document} ->> CAST({name} AS TEXT))"


@compiles(_Text, "sqlite")
def _text_sqlite(element: _Text, compiler: SQLCompiler, **options: Any) -> str:
    document, name = element.clauses

    def member(function: str) -> str:
        path = f"'$.' || {compiler.process(name, **options)}"
        return f"{function}({compiler.process(document, **options)}, {path})"

    kind, value = member("json_type"), member("json_extract")
    return f"(CASE {kind} WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST({value} AS TEXT) END)"


@compiles(_Number, "postgresql")
def _number_postgres(element: _Number, compiler: SQLCompiler, **options: Any) -> str:
    document, name = element.clauses

    def member(arrow: str) -> str:
        return f"({compiler.process(document, **options)} {arrow} CAST({compiler.process(name, **options)} AS TEXT))"

    return f"(CASE WHEN jsonb_typeof{member('->')} = 'number' THEN CAST({member('->>')} AS DOUBLE PRECISION) END)"


@compiles(_Number, "sqlite")
def _number_sqlite(element: _Number, compiler: SQLCompiler, **options: Any) -> str:
    document, name = element.clauses

    def member(function: str) -> str:
        path = f"'$.' || {compiler.process(name, **options)}"
        return f"{function}({compiler.process(document, **options)}, {path})"

    kind = member("json_type")
    return f"(CASE WHEN {kind} IN ('integer', 'real') THEN {member('json_extract')} END)"


@compiles(_Has, "postgresql")
def _has_postgres(element: _Has, compiler: SQLCompiler, **options: Any) -> str:
    document, name, value = (compiler.process(clause, **options) for clause in element.clauses)
    return f"COALESCE(({document} -> CAST({name} AS TEXT)) @> to_jsonb(CAST({value} AS TEXT)), false)"


@compiles(_Has, "sqlite")
def _has_sqlite(element: _Has, compiler: SQLCompiler, **options: Any) -> str:
    document, name, value = (compiler.process(clause, **options) for clause in element.clauses)
    members = f"json_each({document}, '$.' || {name})"
    return f"EXISTS (SELECT 1 FROM {members} AS member WHERE member.value = {value})"  # noqa: S608 - bound values
