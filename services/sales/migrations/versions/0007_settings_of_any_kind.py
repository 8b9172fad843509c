"""settings of any kind, as JSON"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("known_parameters", schema=None) as batch_op:
        batch_op.alter_column(
            "value", existing_type=sa.String(length=255), type_=sa.Text(), existing_nullable=False
        )
    op.execute("UPDATE known_parameters SET value = '\"' || value || '\"' WHERE key = 'organisation.currency'")


def downgrade() -> None:
    op.execute(
        "DELETE FROM known_parameters WHERE key NOT IN "
        "('organisation.currency', 'forecast.snapshot_days', 'leads.undo_qualification_minutes')"
    )
    op.execute("UPDATE known_parameters SET value = trim(value, '\"')")
    with op.batch_alter_table("known_parameters", schema=None) as batch_op:
        batch_op.alter_column(
            "value", existing_type=sa.Text(), type_=sa.String(length=255), existing_nullable=False
        )
