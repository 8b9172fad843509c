"""the notification rules that every installation begins with; each may be changed, switched off or deleted"""

import datetime
import uuid

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The same ids in every installation, so that configurations can be carried from one to another.
_SEEDS = uuid.UUID("0d5a4d0a-7a0f-5a3c-8f53-9a6f5f1f2b77")
_BORN = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)

# name, event, recipients, channels, whoever did it too, subject in Spanish and English, text in Spanish and English
_RULES = (
    (
        "Case assigned",
        "crm.cases.case_assigned.v1",
        ("assignee",),
        ("in_app",),
        False,
        ("Caso {{ data.number }} a su cargo", "Case {{ data.number }} is yours"),
        ("{{ data.subject }}", "{{ data.subject }}"),
    ),
    (
        "Customer wrote",
        "crm.cases.customer_wrote.v1",
        ("assignee",),
        ("in_app",),
        False,
        ("El cliente escribió en el caso {{ data.number }}", "The customer wrote in case {{ data.number }}"),
        ("Hay un mensaje nuevo del cliente.", "There is a new message of the customer."),
    ),
    (
        "SLA warned",
        "crm.cases.sla_warned.v1",
        ("assignee",),
        ("in_app",),
        True,
        ("Caso {{ data.number }}: queda poco tiempo", "Case {{ data.number }}: little time is left"),
        ("{{ data.metric }}: ha pasado el {{ data.percent }} % del plazo.", "{{ data.metric }}: {{ data.percent }} % of the time has passed."),
    ),
    (
        "SLA breached",
        "crm.cases.sla_breached.v1",
        ("assignee", "owner", "supervisor"),
        ("in_app", "email"),
        True,
        ("Caso {{ data.number }}: plazo incumplido", "Case {{ data.number }}: too late"),
        ("{{ data.metric }}: el plazo venció el {{ data.breached_at }}.", "{{ data.metric }}: the time was over at {{ data.breached_at }}."),
    ),
    (
        "Case escalated",
        "crm.cases.case_escalated.v1",
        ("named",),
        ("in_app", "email"),
        True,
        ("Caso {{ data.number }} escalado al nivel {{ data.level }}", "Case {{ data.number }} escalated to level {{ data.level }}"),
        ("{{ data.subject }}: {{ data.cause }}", "{{ data.subject }}: {{ data.cause }}"),
    ),
    (
        "Lead assigned",
        "crm.sales.lead_assigned.v1",
        ("owner",),
        ("in_app",),
        False,
        ("Candidato nuevo: {{ data.title }}", "New lead: {{ data.title }}"),
        ("{{ actor.name }} se lo ha asignado.", "{{ actor.name }} gave it to you."),
    ),
    (
        "Opportunity won",
        "crm.sales.opportunity_won.v1",
        ("owner",),
        ("in_app",),
        True,
        ("Oportunidad ganada: {{ data.name }}", "Opportunity won: {{ data.name }}"),
        ("Cerrada el {{ data.closed_on }}.", "Closed on {{ data.closed_on }}."),
    ),
    (
        "Webhook failed",
        "crm.notifications.webhook_failed.v1",
        ("owner",),
        ("in_app", "email"),
        True,
        ("El webhook {{ data.name }} está desactivado", "The webhook {{ data.name }} is switched off"),
        ("Motivo: {{ data.because }}. Lo que espera se conserva.", "Reason: {{ data.because }}. What waits is kept."),
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
    op.bulk_insert(
        _rules,
        [
            {
                "id": uuid.uuid5(_SEEDS, name),
                "name": name,
                "events": [event],
                "filters": [],
                "recipients": [{"role": role, "id": None} for role in recipients],
                "channels": list(channels),
                "subject": dict(zip(("es", "en"), subject, strict=True)),
                "text": dict(zip(("es", "en"), text, strict=True)),
                "tell_who_did_it": everybody,
                "active": True,
                "version": 1,
                "created_at": _BORN,
                "updated_at": _BORN,
                "event_count": 0,
            }
            for name, event, recipients, channels, everybody, subject, text in _RULES
        ],
    )


def downgrade() -> None:
    op.execute(sa.delete(_rules).where(_rules.c.id.in_([uuid.uuid5(_SEEDS, rule[0]) for rule in _RULES])))
