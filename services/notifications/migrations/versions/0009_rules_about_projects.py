"""the rules by which people hear of their projects; each may be changed, switched off or deleted"""

import datetime
import uuid

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# The same ids in every installation, so that configurations can be carried from one to another.
_SEEDS = uuid.UUID("0d5a4d0a-7a0f-5a3c-8f53-9a6f5f1f2b77")
_BORN = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)

# name, event, conditions, subject in Spanish and English, text in Spanish and English
_RULES = (
    (
        "Project opened",
        "crm.cases.project_created.v1",
        [],
        ("Proyecto nuevo a su cargo: {{ data.name }}", "A new project is yours: {{ data.name }}"),
        ("Empieza el {{ data.starts_on }}.", "It starts on {{ data.starts_on }}."),
    ),
    (
        "Project assigned",
        "crm.cases.project_assigned.v1",
        [],
        ("Proyecto a su cargo: {{ data.name }}", "The project {{ data.name }} is yours"),
        ("{{ data.because }}", "{{ data.because }}"),
    ),
    (
        "Project cancelled",
        "crm.cases.project_state_changed.v1",
        [{"member": "data.state", "values": ["cancelled"]}],
        ("Proyecto cancelado: {{ data.name }}", "Project cancelled: {{ data.name }}"),
        ("{{ data.because }}", "{{ data.because }}"),
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
                "filters": filters,
                "recipients": [{"role": "owner", "id": None}],
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
            for name, event, filters, subject, text in _RULES
            if name not in taken
        ],
    )


def downgrade() -> None:
    op.execute(sa.delete(_rules).where(_rules.c.id.in_([uuid.uuid5(_SEEDS, rule[0]) for rule in _RULES])))
