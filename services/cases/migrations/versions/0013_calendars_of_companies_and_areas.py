"""calendars of companies and areas"""

import sqlalchemy as sa
from alembic import op
from chassis.db.json_values import JSON_DOCUMENT

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("calendars", schema=None) as batch_op:
        batch_op.add_column(sa.Column("company_ids", JSON_DOCUMENT, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("group_ids", JSON_DOCUMENT, nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("calendars", schema=None) as batch_op:
        batch_op.drop_column("group_ids")
        batch_op.drop_column("company_ids")
