"""members whom consents refuse"""

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("campaign_members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("excluded_by", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("checked_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("campaign_members", schema=None) as batch_op:
        batch_op.drop_column("checked_at")
        batch_op.drop_column("excluded_by")
