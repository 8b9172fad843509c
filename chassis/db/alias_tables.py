"""Where the ids of merged records lead, and what rows named before: tables of those services that ask for them."""

import uuid
from typing import Any, Final

import sqlalchemy as sa

_ALIASES: Final = sa.table("aliases", sa.column("id", sa.Uuid()), sa.column("canonical_id", sa.Uuid()))


def attach(metadata: sa.MetaData) -> None:
    """Add both tables to a service's metadata; doing it twice changes nothing."""
    if kept_in(metadata):
        return
    sa.Table(
        "aliases",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("merged_into", sa.Uuid(), nullable=False),
        sa.Column("canonical_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("merge_id", sa.Uuid(), nullable=False),
    )
    sa.Table(
        "renamed_references",
        metadata,
        sa.Column("table_name", sa.String(64), primary_key=True),
        sa.Column("column_name", sa.String(64), primary_key=True),
        sa.Column("row_id", sa.Uuid(), primary_key=True),
        sa.Column("named_id", sa.Uuid(), nullable=False, index=True),
    )


def kept_in(metadata: sa.MetaData) -> bool:
    """Whether a service knows of merged records at all."""
    return "aliases" in metadata.tables


def aliases(metadata: sa.MetaData) -> sa.Table:
    """A row per id that leads elsewhere: to ``merged_into`` once, to ``canonical_id``, no alias itself, in the end."""
    return metadata.tables["aliases"]


def renamed_references(metadata: sa.MetaData) -> sa.Table:
    """Which rows named a merged record by an id of its own, until they were made to name the one that is left."""
    return metadata.tables["renamed_references"]


def canonical(id_: "uuid.UUID | sa.ColumnElement[Any]") -> "sa.ColumnElement[Any]":
    """Return where ``id_`` leads, in SQL: the survivor's id for an alias, any other id itself."""
    given: Any = sa.literal(id_, sa.Uuid()) if isinstance(id_, uuid.UUID) else id_
    found = sa.select(_ALIASES.c.canonical_id).where(_ALIASES.c.id == given).correlate_except(_ALIASES)
    return sa.func.coalesce(found.scalar_subquery(), given)
