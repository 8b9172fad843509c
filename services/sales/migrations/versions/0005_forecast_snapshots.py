"""forecast snapshots"""

import sqlalchemy as sa
from alembic import op
from chassis.db.exact_decimal import ExactDecimal
from chassis.db.instants import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forecast_entries",
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("amount_amount", ExactDecimal(18, 4), nullable=True),
        sa.Column("amount_currency", sa.String(length=3), nullable=True),
        sa.Column("probability", ExactDecimal(5, 2), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("binned", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("opportunity_id", "from_on", name=op.f("pk_forecast_entries")),
    )
    with op.batch_alter_table("forecast_entries", schema=None) as batch_op:
        batch_op.create_index("ix_forecast_entries_until_on", ["until_on"], unique=False)
        batch_op.create_index(
            "uq_forecast_entries_present",
            ["opportunity_id"],
            unique=True,
            postgresql_where=sa.text("until_on IS NULL"),
            sqlite_where=sa.text("until_on IS NULL"),
        )

    op.create_table(
        "forecast_rates",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("base", sa.String(length=3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("rate", ExactDecimal(18, 8), nullable=False),
        sa.PrimaryKeyConstraint("currency", "base", "day", "from_on", name=op.f("pk_forecast_rates")),
    )
    with op.batch_alter_table("forecast_rates", schema=None) as batch_op:
        batch_op.create_index("ix_forecast_rates_until_on", ["until_on"], unique=False)
        batch_op.create_index(
            "uq_forecast_rates_present",
            ["currency", "base", "day"],
            unique=True,
            postgresql_where=sa.text("until_on IS NULL"),
            sqlite_where=sa.text("until_on IS NULL"),
        )

    op.create_table(
        "forecast_snapshots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_snapshots")),
        sa.UniqueConstraint("on", name=op.f("uq_forecast_snapshots_on")),
    )


def downgrade() -> None:
    op.drop_table("forecast_snapshots")
    with op.batch_alter_table("forecast_rates", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_forecast_rates_present",
            postgresql_where=sa.text("until_on IS NULL"),
            sqlite_where=sa.text("until_on IS NULL"),
        )
        batch_op.drop_index("ix_forecast_rates_until_on")

    op.drop_table("forecast_rates")
    with op.batch_alter_table("forecast_entries", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_forecast_entries_present",
            postgresql_where=sa.text("until_on IS NULL"),
            sqlite_where=sa.text("until_on IS NULL"),
        )
        batch_op.drop_index("ix_forecast_entries_until_on")

    op.drop_table("forecast_entries")
