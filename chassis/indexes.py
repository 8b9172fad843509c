"""What a model may say about its table beyond its columns: indexes, uniqueness and foreign keys."""

import sqlalchemy as sa

__all__ = ["ForeignKey", "index", "unique", "unique_where"]

ForeignKey = sa.ForeignKey


def index(name: str, *columns: str) -> sa.Index:
    """Return an index over ``columns``."""
    return sa.Index(name, *columns)


def unique(*columns: str) -> sa.UniqueConstraint:
    """Let no two rows have the same values in ``columns``; nulls differ from each other."""
    return sa.UniqueConstraint(*columns)


def unique_where(name: str, condition: str, *columns: str) -> sa.Index:
    """Let no two of the rows that fulfil ``condition`` (SQL) have the same values in ``columns``."""
    where = sa.text(condition)
    return sa.Index(name, *columns, unique=True, postgresql_where=where, sqlite_where=where)
