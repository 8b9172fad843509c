"""lanes of each webhook by their instant"""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("webhook_lanes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_lanes_due_at"))
        batch_op.create_index("ix_webhook_lanes_next", ["webhook_id", "due_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("webhook_lanes", schema=None) as batch_op:
        batch_op.drop_index("ix_webhook_lanes_next")
        batch_op.create_index(batch_op.f("ix_webhook_lanes_due_at"), ["due_at"], unique=False)
