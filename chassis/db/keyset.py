"""Order and position: sorting by any columns with the id as the last word, and what comes after a position.

Nulls come last in both directions, on both databases.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from chassis.db.filters import Filters
from chassis.db.instants import UtcDateTime


@dataclass(frozen=True)
class Key:
    """One column of the order."""

    column: Any
    name: str
    descending: bool
    nullable: bool

    def ordering(self) -> Any:
        """Return the term of ORDER BY."""
        term = self.column.desc() if self.descending else self.column.asc()
        return term.nulls_last() if self.nullable else term

    def beyond(self, value: Any) -> Any:
        """Return the condition of coming after ``value`` by this column alone."""
        if value is None:
            return sa.false()
        after = self.column < value if self.descending else self.column > value
        return sa.or_(after, self.column.is_(None)) if self.nullable else after

    def same(self, value: Any) -> Any:
        """Return the condition of standing beside ``value``."""
        return self.column.is_(None) if value is None else self.column == value


def order(filters: Filters, sort: tuple[str, ...]) -> list[Key]:
    """Return the columns of the order that ``sort`` names, with the id behind them."""
    keys = [_key(filters, name) for name in sort]
    if not any(key.name == "id" for key in keys):
        keys.append(_key(filters, f"-{'id'}" if keys and keys[-1].descending else "id"))
    return keys


def after(query: "sa.Select[Any]", keys: list[Key], position: tuple[Any, ...] | None) -> "sa.Select[Any]":
    """Return ``query`` in order, from behind ``position``."""
    ordered = query.order_by(*(key.ordering() for key in keys))
    if position is None:
        return ordered
    values = [_rich(key, value) for key, value in zip(keys, position, strict=True)]
    one_way = len({key.descending for key in keys}) == 1
    if one_way and not any(key.nullable for key in keys):
        # A comparison of rows is one range on an index, where the general form below is several.
        columns, bounds = sa.tuple_(*(key.column for key in keys)), sa.tuple_(*map(_bound, keys, values))
        return ordered.where(columns < bounds if keys[0].descending else columns > bounds)
    alternatives = []
    for index, key in enumerate(keys):
        equal = [before.same(value) for before, value in zip(keys[:index], values[:index], strict=True)]
        alternatives.append(sa.and_(*equal, key.beyond(values[index])))
    return ordered.where(sa.or_(*alternatives))


def position(item: Any, keys: list[Key]) -> list[Any]:
    """Return where ``item`` stands in the order, as JSON values."""
    return [_plain(_value_of(item, key)) for key in keys]


def _key(filters: Filters, name: str) -> Key:
    bare = name.removeprefix("-")
    column = filters.sorts[bare]
    table_column: Any = getattr(column, "expression", column)
    nullable = getattr(table_column, "nullable", True)
    return Key(column, bare, descending=name.startswith("-"), nullable=bool(nullable))


def _value_of(item: Any, key: Key) -> Any:
    attribute = getattr(key.column, "key", None) or key.name
    return item[attribute] if isinstance(item, dict) else getattr(item, attribute)


def _bound(key: Key, value: Any) -> Any:
    return sa.literal(value, key.column.type)


def _plain(value: Any) -> Any:
    match value:
        case uuid.UUID() | Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
    return getattr(value, "value", value)


def _python_type(kind: Any) -> Any:
    return datetime if isinstance(kind, UtcDateTime) else kind.python_type


def _rich(key: Key, value: Any) -> Any:
    if value is None:
        return None
    kind = _python_type(key.column.type)
    if kind in (uuid.UUID, Decimal):
        return kind(value)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return kind(value)
