"""The operators of filters: which kinds know which, and the SQL of each."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, get_args

import sqlalchemy as sa

from chassis.field_kinds import TextField
from chassis.field_kinds_exact import FlagField, WholeField
from chassis.vocabulary import AnyField, Described

Operator = Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "contains", "starts_with", "is_null"]
ALL: Final[tuple[Operator, ...]] = get_args(Operator)
EXACT: Final[tuple[Operator, ...]] = ("eq", "ne", "in", "is_null")
ORDERED: Final[tuple[Operator, ...]] = ("eq", "ne", "gt", "gte", "lt", "lte", "in", "is_null")
TEXT: Final[tuple[Operator, ...]] = ("eq", "ne", "in", "contains", "starts_with", "is_null")
PARTS_OF_TEXT: Final = frozenset({"contains", "starts_with"})
MOST_VALUES: Final = 200
PART: Final = TextField(least=1, most=255)


def of(kind: Described) -> tuple[Operator, ...]:
    """Return the operators that values of ``kind`` know."""
    if kind.python_type in (int, Decimal, datetime, date):
        return ORDERED
    return TEXT if kind.python_type is str else EXACT


def join(name: str, operator: Operator) -> str:
    """Return the query parameter for a field and an operator: ``created_at_gte``; equality is the bare name."""
    return name if operator == "eq" else f"{name}_{operator}"


def split(parameter: str) -> tuple[str, Operator]:
    """Return the field and the operator that a query parameter names."""
    for operator in sorted(ALL, key=len, reverse=True):
        if operator != "eq" and parameter.endswith(f"_{operator}"):
            return parameter.removesuffix(f"_{operator}"), operator
    return parameter, "eq"


def typed(field: AnyField, text: str) -> Any:
    """Return ``text`` from a query string as the JSON value that ``field`` expects."""
    if isinstance(field, FlagField):
        return {"true": True, "false": False}.get(text, text)
    if isinstance(field, WholeField) and text.isascii() and text.removeprefix("-").isdigit():
        return int(text[:20])
    return text


def compare(column: Any, operator: Operator, value: Any) -> sa.ColumnElement[bool]:
    """Return the condition ``column operator value``. A null never equals and always differs, as people expect."""
    found: sa.ColumnElement[bool] = _COMPARISONS[operator](column, value)
    return found


_COMPARISONS: Final[Mapping[Operator, Callable[[Any, Any], Any]]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: sa.or_(column != value, column.is_(None)),
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "in": lambda column, value: column.in_(value),
    "contains": lambda column, value: column.icontains(value, autoescape=True),
    "starts_with": lambda column, value: column.istartswith(value, autoescape=True),
    "is_null": lambda column, value: column.is_(None) if value else column.is_not(None),
}
