"""The platform's own tables, which every service's database has beside the service's tables.

Core tables, attached to a service's metadata by ``attach``; a function named like a table returns it.
"""

import sqlalchemy as sa

from chassis.db.instants import UtcDateTime

NAMES = (
    "outbox",
    "inbox",
    "inbox_blocked",
    "idempotency_keys",
    "timers",
    "jobs",
    "field_history",
    "custom_field_definitions",
)

# SQLite numbers rows by itself only where the key is its plain INTEGER.
_Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def attach(metadata: sa.MetaData) -> None:
    """Add the platform's tables to a service's metadata; doing it twice changes nothing."""
    if "outbox" in metadata.tables:
        return
    for declare in (_outbox, _inbox, _inbox_blocked, _idempotency_keys, _timers, _jobs, _history, _custom):
        declare(metadata)


def outbox(metadata: sa.MetaData) -> sa.Table:
    """The event log: a row per event told; ``published_at`` is null until the broker confirmed it."""
    return metadata.tables["outbox"]


def inbox(metadata: sa.MetaData) -> sa.Table:
    """Which consumer handled which event, written in the handler's own transaction."""
    return metadata.tables["inbox"]


def inbox_blocked(metadata: sa.MetaData) -> sa.Table:
    """The events of a subject that wait: the lowest sequence failed, the others stand behind it."""
    return metadata.tables["inbox_blocked"]


def idempotency_keys(metadata: sa.MetaData) -> sa.Table:
    """The answers already given to requests that carried an Idempotency-Key."""
    return metadata.tables["idempotency_keys"]


def timers(metadata: sa.MetaData) -> sa.Table:
    """Work that is due at an instant; a row is gone when its work is done."""
    return metadata.tables["timers"]


def jobs(metadata: sa.MetaData) -> sa.Table:
    """Long work in the background, with its progress."""
    return metadata.tables["jobs"]


def field_history(metadata: sa.MetaData) -> sa.Table:
    """Who changed which marked field, when, from what to what, and why."""
    return metadata.tables["field_history"]


def custom_field_definitions(metadata: sa.MetaData) -> sa.Table:
    """The fields that an installation added to a resource."""
    return metadata.tables["custom_field_definitions"]


def _outbox(metadata: sa.MetaData) -> None:
    table = sa.Table(
        "outbox",
        metadata,
        sa.Column("id", _Number, sa.Identity(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("resource", sa.String(64), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(160), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.UniqueConstraint("resource", "aggregate_id", "sequence", name="uq_outbox_subject"),
    )
    pending = table.c.published_at.is_(None)
    # The relay reads what is pending; the index holds that and nothing else, however long the log grows.
    sa.Index("ix_outbox_pending", table.c.id, sqlite_where=pending, postgresql_where=pending)


def _inbox(metadata: sa.MetaData) -> None:
    sa.Table(
        "inbox",
        metadata,
        # The event comes first in the key: it is looked up by the event, and new events stand together at its end.
        sa.Column("event_id", sa.Uuid(), primary_key=True),
        sa.Column("consumer", sa.String(160), primary_key=True),
        sa.Column("processed_at", UtcDateTime(), nullable=False, index=True),
    )


def _inbox_blocked(metadata: sa.MetaData) -> None:
    sa.Table(
        "inbox_blocked",
        metadata,
        sa.Column("consumer", sa.String(160), primary_key=True),
        sa.Column("subject", sa.String(120), primary_key=True),
        sa.Column("event_id", sa.Uuid(), primary_key=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
    )


def _idempotency_keys(metadata: sa.MetaData) -> None:
    sa.Table(
        "idempotency_keys",
        metadata,
        sa.Column("principal", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("method", sa.String(160), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("headers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False, index=True),
    )


def _timers(metadata: sa.MetaData) -> None:
    sa.Table(
        "timers",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False, index=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, default=0, server_default="0"),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("kind", "key", name="uq_timers_kind"),
    )


def _jobs(metadata: sa.MetaData) -> None:
    sa.Table(
        "jobs",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("checkpoint", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("progress_done", sa.BigInteger(), nullable=False, default=0, server_default="0"),
        sa.Column("progress_total", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False, default=False, server_default=sa.false()),
        sa.Column("call", sa.JSON(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("lease_owner", sa.String(32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False, default=0, server_default="0"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Index("ix_jobs_state", "state", "lease_until"),
    )


def _history(metadata: sa.MetaData) -> None:
    sa.Table(
        "field_history",
        metadata,
        sa.Column("id", _Number, sa.Identity(), primary_key=True),
        sa.Column("resource", sa.String(64), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(120), nullable=False),
        sa.Column("old", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("new", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("cause", sa.String(160), nullable=True),
        sa.Column("correlation_id", sa.String(64), nullable=True),
        sa.Index("ix_field_history_record", "resource", "record_id", "id"),
    )


def _custom(metadata: sa.MetaData) -> None:
    sa.Table(
        "custom_field_definitions",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("resource", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False, default=False, server_default=sa.false()),
        sa.Column("options", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("default", sa.JSON(none_as_null=True), nullable=True),
        sa.UniqueConstraint("resource", "name", name="uq_custom_field_definitions_resource"),
    )
