"""what a qualification did"""

import sqlalchemy as sa
from alembic import op
from chassis.db.json_values import JSON_DOCUMENT

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome", JSON_DOCUMENT, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.drop_column("outcome")
