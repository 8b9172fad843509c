"""limits of automatic mail"""

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_parameters",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_known_parameters")),
    )
    op.create_table(
        "mail_allowances",
        sa.Column("address_key", sa.String(length=255), nullable=False),
        sa.Column("gone", JSON_DOCUMENT, nullable=False),
        sa.Column("held_back", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_mail_allowances")),
    )
    with op.batch_alter_table("mail_allowances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_allowances_last_at"), ["last_at"], unique=False)

    with op.batch_alter_table("messages", schema=None) as batch_op:
        # Surveys that wait to go went by themselves too; one more of them than allowed does no harm.
        batch_op.add_column(sa.Column("automatic", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("let_go_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.alter_column("automatic", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("let_go_at")
        batch_op.drop_column("automatic")

    with op.batch_alter_table("mail_allowances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_allowances_last_at"))

    op.drop_table("mail_allowances")
    op.drop_table("known_parameters")
