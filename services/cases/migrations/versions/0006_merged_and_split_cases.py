"""merged and split cases"""

import sqlalchemy as sa
from alembic import op
from chassis.db.json_values import JSON_DOCUMENT

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved_from_id", sa.Uuid(), nullable=True))

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("split_from_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("absorbed", JSON_DOCUMENT, nullable=False, server_default="[]"))
        batch_op.create_index(batch_op.f("ix_cases_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_split_from_id"), ["split_from_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_split_from_id"))
        batch_op.drop_index(batch_op.f("ix_cases_merged_into_id"))
        batch_op.drop_column("absorbed")
        batch_op.drop_column("split_from_id")
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("case_entries", schema=None) as batch_op:
        batch_op.drop_column("moved_from_id")
