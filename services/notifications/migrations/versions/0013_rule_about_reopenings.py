"""the rule by which people hear that mails reopen a case too often; it may be changed, switched off or deleted"""

import datetime
import uuid

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# The same ids in every installation, so that configurations can be carried from one to another.
_SEEDS = uuid.UUID("0d5a4d0a-7a0f-5a3c-8f53-9a6f5f1f2b77")
_BORN = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)

# name, event, recipients, subject in Spanish and English, text in Spanish and English
_RULES = (
    (
        "Reopening held back",
        "crm.cases.reopening_held_back.v1",
        ("assignee", "supervisor"),
        (
            "Caso {{ data.number }}: demasiados correos de un remitente",
            "Case {{ data.number }}: too many mails of one sender",
        ),
        (
            "Sus correos se guardan, pero en esta hora ya no reabren el caso. Puede que contesten programas.",
            "They are kept, but reopen the case no more within this hour. Programs may be answering each other.",
        ),
    ),
)

_rules = sa.table(
    "notification_rules",
    sa.column("id", sa.Uuid()),
    sa.column("name", sa.String()),
    *(sa.column(name, JSON_DOCUMENT) for name in ("events", "filters", "recipients", "channels", "subject", "text")),
    sa.column("tell_who_did_it", sa.Boolean()),
    sa.column("active", sa.Boolean()),
    sa.column("version", sa.Integer()),
    sa.column("created_at", UtcDateTime()),
    sa.column("updated_at", UtcDateTime()),
    sa.column("event_count", sa.Integer()),
)


def upgrade() -> None:
    taken = set(op.get_bind().scalars(sa.select(_rules.c.name)))
    op.bulk_insert(
        _rules,
        [
            {
                "id": uuid.uuid5(_SEEDS, name),
                "name": name,
                "events": [event],
                "filters": [],
                "recipients": [{"role": role, "id": None} for role in recipients],
                "channels": ["in_app"],
                "subject": dict(zip(("es", "en"), subject, strict=True)),
                "text": dict(zip(("es", "en"), text, strict=True)),
                "tell_who_did_it": False,
                "active": True,
                "version": 1,
                "created_at": _BORN,
                "updated_at": _BORN,
                "event_count": 0,
            }
            for name, event, recipients, subject, text in _RULES
            if name not in taken
        ],
    )


def downgrade() -> None:
    op.execute(sa.delete(_rules).where(_rules.c.id.in_([uuid.uuid5(_SEEDS, rule[0]) for rule in _RULES])))
