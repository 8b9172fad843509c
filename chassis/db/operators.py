"""The operators of filters: which kinds know which, and the SQL of each."""

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


def compare(column: Any, operator: Operator, value: Any, *, text: bool = False) -> sa.ColumnElement[bool]:
    """Return the condition ``column operator value``. A null never equals and always differs, as people expect."""
    match operator:
        case "eq":
            found = column == value
        case "ne":
            found = sa.or_(column != value, column.is_(None))
        case "gt":
            found = column > value
        case "gte":
            found = column >= value
        case "lt":
            found = column < value
        case "lte":
            found = column <= value
        case "in":
            found = column.in_(value)
        case "contains":
            found = column.icontains(value, autoescape=True)
        case "starts_with":
            found = column.istartswith(value, autoescape=True)
        case "is_null":
            found = column.is_(None) if value else column.is_not(None)
    return found  # type: ignore[no-any-return]
