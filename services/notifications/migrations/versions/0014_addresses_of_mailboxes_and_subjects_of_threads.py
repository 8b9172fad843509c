"""addresses of mailboxes, subjects of threads, and mails that are found by their own Message-ID"""

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inbox_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_items_message_id"), ["message_id"], unique=False)

    # A thread from before is found by its subject from its next mail on.
    with op.batch_alter_table("mail_threads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bare_title", sa.String(length=255), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("last_mail_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("mail_threads", schema=None) as batch_op:
        batch_op.alter_column("bare_title", server_default=None)
        batch_op.create_index(batch_op.f("ix_mail_threads_bare_title"), ["bare_title"], unique=False)

    with op.batch_alter_table("mailboxes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=254), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("mailboxes", schema=None) as batch_op:
        batch_op.drop_column("address")

    with op.batch_alter_table("mail_threads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_threads_bare_title"))
        batch_op.drop_column("last_mail_at")
        batch_op.drop_column("bare_title")

    with op.batch_alter_table("inbox_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_items_message_id"))
