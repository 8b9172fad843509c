"""whom a mail is for"""

import sqlalchemy as sa
from alembic import op
from chassis.db.json_values import JSON_DOCUMENT

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("addressee", sa.String(length=255), nullable=True))
        # Mails that are there have no files.
        batch_op.add_column(sa.Column("attachments", JSON_DOCUMENT, nullable=False, server_default="[]"))
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.alter_column("attachments", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("attachments")
        batch_op.drop_column("addressee")
