"""What a model may say about its table beyond its columns: indexes, uniqueness, foreign keys and pairings."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import relationship

__all__ = ["ForeignKey", "index", "index_where", "paired", "unique", "unique_where"]

ForeignKey = sa.ForeignKey


def index(name: str, *columns: str) -> sa.Index:
    """Return an index over ``columns``."""
    return sa.Index(name, *columns)


def index_where(name: str, condition: str, *columns: str) -> sa.Index:
    """Return an index over ``columns`` of those rows alone that fulfil ``condition`` (SQL); the others cost nothing."""
    where = sa.text(condition)
    return sa.Index(name, *columns, postgresql_where=where, sqlite_where=where)


def unique(*columns: str) -> sa.UniqueConstraint:
    """Let no two rows have the same values in ``columns``; nulls differ from each other."""
    return sa.UniqueConstraint(*columns)


def unique_where(name: str, condition: str, *columns: str) -> sa.Index:
    """Let no two of the rows that fulfil ``condition`` (SQL) have the same values in ``columns``."""
    where = sa.text(condition)
    return sa.Index(name, *columns, unique=True, postgresql_where=where, sqlite_where=where)


def paired(table: str, *, order_by: Any) -> Any:
    """Map a list of other aggregates of this service, paired with this one by the rows of ``table``.

    They are loaded with one more query for all records at hand. Changing the list changes no version by itself.
    """
    return relationship(secondary=table, lazy="selectin", order_by=order_by)
