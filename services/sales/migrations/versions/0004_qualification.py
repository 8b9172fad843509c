"""qualification"""

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opportunity_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("qualified_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("qualified_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("kept_values", JSON_DOCUMENT, nullable=False))
        batch_op.add_column(sa.Column("qualifying_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("qualifying_terms", JSON_DOCUMENT, nullable=True))
        batch_op.create_index(batch_op.f("ix_leads_qualified_at"), ["qualified_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_leads_qualified_by"), ["qualified_by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leads_qualified_by"))
        batch_op.drop_index(batch_op.f("ix_leads_qualified_at"))
        batch_op.drop_column("qualifying_terms")
        batch_op.drop_column("qualifying_by")
        batch_op.drop_column("kept_values")
        batch_op.drop_column("qualified_by")
        batch_op.drop_column("qualified_at")
        batch_op.drop_column("opportunity_id")
