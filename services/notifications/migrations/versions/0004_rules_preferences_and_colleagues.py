"""rules preferences and colleagues"""

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "colleagues",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("roles", JSON_DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleagues")),
    )
    op.create_table(
        "known_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("roles", JSON_DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_groups")),
    )
    op.create_table(
        "known_roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_roles")),
    )
    with op.batch_alter_table("known_roles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_roles_name"), ["name"], unique=False)

    op.create_table(
        "notification_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("events", JSON_DOCUMENT, nullable=False),
        sa.Column("filters", JSON_DOCUMENT, nullable=False),
        sa.Column("recipients", JSON_DOCUMENT, nullable=False),
        sa.Column("channels", JSON_DOCUMENT, nullable=False),
        sa.Column("subject", JSON_DOCUMENT, nullable=False),
        sa.Column("text", JSON_DOCUMENT, nullable=False),
        sa.Column("tell_who_did_it", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_rules")),
        sa.UniqueConstraint("name", name=op.f("uq_notification_rules_name")),
    )
    op.create_table(
        "preferences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint("owner_id", "channel", "topic", name=op.f("uq_preferences_owner_id_channel_topic")),
    )
    with op.batch_alter_table("preferences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_preferences_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_preferences_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "colleague_groups",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["colleagues.id"], name=op.f("fk_colleague_groups_user_id_colleagues"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "group_id", name=op.f("pk_colleague_groups")),
    )
    with op.batch_alter_table("colleague_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_colleague_groups_group_id"), ["group_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("colleague_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_colleague_groups_group_id"))

    op.drop_table("colleague_groups")
    with op.batch_alter_table("preferences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preferences_owner_id"))
        batch_op.drop_index(batch_op.f("ix_preferences_group_id"))

    op.drop_table("preferences")
    op.drop_table("notification_rules")
    with op.batch_alter_table("known_roles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_roles_name"))

    op.drop_table("known_roles")
    op.drop_table("known_groups")
    op.drop_table("colleagues")
