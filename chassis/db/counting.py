"""Counting rows without ever reading more of them than the number is worth."""

from typing import Any, Final

import sqlalchemy as sa

AT_MOST: Final = 100_000


def count_of(what: Any, *conditions: "sa.ColumnElement[bool]") -> "sa.Select[Any]":
    """Return a query for how many rows of a table or model meet the conditions; counting ends at ``AT_MOST``."""
    some = sa.select(sa.literal(1)).select_from(what).where(*conditions).limit(AT_MOST).subquery()
    return sa.select(sa.func.count()).select_from(some)
