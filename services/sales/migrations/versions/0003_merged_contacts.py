"""merged contacts"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=False),
        sa.Column("canonical_id", sa.Uuid(), nullable=False),
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aliases")),
    )
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aliases_canonical_id"), ["canonical_id"], unique=False)

    op.create_table(
        "renamed_references",
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("column_name", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("named_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "column_name", "row_id", name=op.f("pk_renamed_references")),
    )
    with op.batch_alter_table("renamed_references", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_renamed_references_named_id"), ["named_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("renamed_references", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_renamed_references_named_id"))

    op.drop_table("renamed_references")
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aliases_canonical_id"))

    op.drop_table("aliases")
