"""mails that came in"""

import sqlalchemy as sa
from alembic import op
from chassis.db import search_index
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("about", sa.String(length=255), nullable=True),
        sa.Column("guess", sa.String(length=255), nullable=True),
        sa.Column("guess_number", sa.String(length=255), nullable=True),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.Column("sender", sa.String(length=255), nullable=False),
        sa.Column("sender_name", sa.String(length=255), nullable=False),
        sa.Column("to", JSON_DOCUMENT, nullable=False),
        sa.Column("cc", JSON_DOCUMENT, nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("attachments", JSON_DOCUMENT, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("original_key", sa.String(length=255), nullable=False),
        sa.Column("original_size", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("answers_message", sa.Uuid(), nullable=True),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_items")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_items_key")),
    )
    with op.batch_alter_table("inbox_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_items_about"), ["about"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbox_items_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbox_items_sender"), ["sender"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbox_items_state"), ["state"], unique=False)

    search_index.create_index(op, "inbox_items")


def downgrade() -> None:
    search_index.drop_index(op, "inbox_items")
    with op.batch_alter_table("inbox_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_items_state"))
        batch_op.drop_index(batch_op.f("ix_inbox_items_sender"))
        batch_op.drop_index(batch_op.f("ix_inbox_items_received_at"))
        batch_op.drop_index(batch_op.f("ix_inbox_items_about"))

    op.drop_table("inbox_items")
