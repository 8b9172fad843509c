"""policies say how many clocks a change moved"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sla_policies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recalculation_job_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("clocks_examined", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("clocks_moved", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sla_policies", schema=None) as batch_op:
        batch_op.drop_column("clocks_moved")
        batch_op.drop_column("clocks_examined")
        batch_op.drop_column("recalculation_job_id")
