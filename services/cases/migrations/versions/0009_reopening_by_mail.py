"""reopening by mail: how often, and as the rule of the area says; how customers are written to"""

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_parameters",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_known_parameters")),
    )
    op.create_table(
        "mail_reopenings",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sender_key", sa.String(length=255), nullable=False),
        sa.Column("reopened", JSON_DOCUMENT, nullable=False),
        sa.Column("held_back", JSON_DOCUMENT, nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "sender_key", name=op.f("pk_mail_reopenings")),
    )
    with op.batch_alter_table("mail_reopenings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_reopenings_last_at"), ["last_at"], unique=False)

    op.create_table(
        "reopening_rules",
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("mode", sa.String(length=32), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("keep_owner", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening_rules")),
        sa.UniqueConstraint("group_id", name=op.f("uq_reopening_rules_group_id")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("look_needed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("locale", sa.String(length=16), nullable=True))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("look_needed", server_default=None)
        batch_op.create_index(
            "ix_cases_look_needed",
            ["id"],
            unique=False,
            postgresql_where=sa.text("look_needed"),
            sqlite_where=sa.text("look_needed"),
        )

    with op.batch_alter_table("case_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_back", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("quoted", sa.Text(), nullable=True))
    with op.batch_alter_table("case_entries", schema=None) as batch_op:
        batch_op.alter_column("held_back", server_default=None)

    with op.batch_alter_table("case_types", schema=None) as batch_op:
        batch_op.add_column(sa.Column("acknowledgement", JSON_DOCUMENT, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("case_types", schema=None) as batch_op:
        batch_op.drop_column("acknowledgement")

    with op.batch_alter_table("case_entries", schema=None) as batch_op:
        batch_op.drop_column("quoted")
        batch_op.drop_column("held_back")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_cases_look_needed", postgresql_where=sa.text("look_needed"), sqlite_where=sa.text("look_needed")
        )
        batch_op.drop_column("look_needed")
        batch_op.drop_column("locale")

    op.drop_table("reopening_rules")
    with op.batch_alter_table("mail_reopenings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_reopenings_last_at"))

    op.drop_table("mail_reopenings")
    op.drop_table("known_parameters")
