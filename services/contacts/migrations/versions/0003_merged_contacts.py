"""merged contacts"""

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

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
        "contact_merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("absorbed_ids", JSON_DOCUMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("field_choices", JSON_DOCUMENT, nullable=False),
        sa.Column("conflicts", JSON_DOCUMENT, nullable=False),
        sa.Column("moved", JSON_DOCUMENT, nullable=False),
        sa.Column("followed", JSON_DOCUMENT, nullable=False),
        sa.Column("merged_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_because", sa.Text(), nullable=True),
        sa.Column("memory", JSON_DOCUMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_merges")),
    )
    with op.batch_alter_table("contact_merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_merges_survivor_id"), ["survivor_id"], unique=False)

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
    with op.batch_alter_table("contact_merges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_merges_survivor_id"))

    op.drop_table("contact_merges")
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aliases_canonical_id"))

    op.drop_table("aliases")
