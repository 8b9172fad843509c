"""clocks that ended"""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sla_clocks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sla_clocks_late",
            ["breached_at"],
            unique=False,
            postgresql_where=sa.text("breached_at IS NOT NULL"),
            sqlite_where=sa.text("breached_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_sla_clocks_met",
            ["met_at"],
            unique=False,
            postgresql_where=sa.text("met_at IS NOT NULL"),
            sqlite_where=sa.text("met_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("sla_clocks", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_sla_clocks_met",
            postgresql_where=sa.text("met_at IS NOT NULL"),
            sqlite_where=sa.text("met_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_sla_clocks_late",
            postgresql_where=sa.text("breached_at IS NOT NULL"),
            sqlite_where=sa.text("breached_at IS NOT NULL"),
        )
