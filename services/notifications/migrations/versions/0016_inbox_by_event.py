"""the inbox is looked up by the event, which comes first in its key, as the other services have it"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _key(["event_id", "consumer"])


def downgrade() -> None:
    _key(["consumer", "event_id"])


def _key(columns: list[str]) -> None:
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("pk_inbox"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_inbox"), columns)
