"""segments and lists"""

import sqlalchemy as sa
from alembic import op
from chassis.db import search_index
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("segment_ids", JSON_DOCUMENT, nullable=False),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
    )
    with op.batch_alter_table("lists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lists_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lists_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_lists_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "segments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("filter", JSON_DOCUMENT, nullable=False),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segments")),
    )
    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segments_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_segments_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_segments_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "list_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["lists.id"], name=op.f("fk_list_members_list_id_lists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_members")),
        sa.UniqueConstraint("list_id", "contact_id", name=op.f("uq_list_members_list_id_contact_id")),
    )
    with op.batch_alter_table("list_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_members_contact_id"), ["contact_id"], unique=False)

    search_index.create_index(op, "lists")
    search_index.create_index(op, "segments")


def downgrade() -> None:
    search_index.drop_index(op, "segments")
    search_index.drop_index(op, "lists")
    with op.batch_alter_table("list_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_list_members_contact_id"))

    op.drop_table("list_members")
    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_segments_owner_id"))
        batch_op.drop_index(batch_op.f("ix_segments_kind"))
        batch_op.drop_index(batch_op.f("ix_segments_group_id"))

    op.drop_table("segments")
    with op.batch_alter_table("lists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lists_owner_id"))
        batch_op.drop_index(batch_op.f("ix_lists_kind"))
        batch_op.drop_index(batch_op.f("ix_lists_group_id"))

    op.drop_table("lists")
