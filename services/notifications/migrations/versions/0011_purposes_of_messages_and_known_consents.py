"""purposes of messages and known consents"""

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level_at", UtcDateTime(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_level")),
    )
    op.create_table(
        "known_consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("holder", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_consents")),
        sa.UniqueConstraint("consent_id", name=op.f("uq_known_consents_consent_id")),
        sa.UniqueConstraint("holder", "channel", "purpose", name=op.f("uq_known_consents_holder_channel_purpose")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        # Mails from before were about cases, or written one by one.
        batch_op.add_column(sa.Column("purpose", sa.String(length=32), nullable=False, server_default="service"))
        batch_op.add_column(sa.Column("address_asked", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("refused_by", sa.String(length=255), nullable=True))
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.alter_column("purpose", server_default=None)
        batch_op.alter_column("address_asked", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("refused_by")
        batch_op.drop_column("address_asked")
        batch_op.drop_column("purpose")

    op.drop_table("known_consents")
    op.drop_table("consent_level")
