"""settings of any kind, as JSON"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("known_parameters", schema=None) as batch_op:
        batch_op.alter_column(
            "value",
            existing_type=sa.Integer(),
            type_=sa.Text(),
            existing_nullable=False,
            postgresql_using="value::text",
        )


def downgrade() -> None:
    op.execute("DELETE FROM known_parameters WHERE key NOT IN ('mail.automatic_replies_per_hour', 'mail.same_subject_days')")
    with op.batch_alter_table("known_parameters", schema=None) as batch_op:
        batch_op.alter_column(
            "value",
            existing_type=sa.Text(),
            type_=sa.Integer(),
            existing_nullable=False,
            postgresql_using="value::integer",
        )
