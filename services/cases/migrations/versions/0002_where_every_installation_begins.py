"""what every installation begins with: office hours, a policy, a workflow, the first types; all may be changed"""

import datetime
import unicodedata
import uuid

import sqlalchemy as sa
from alembic import op
from chassis.db import search_index
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The same ids in every installation, so that configurations can be carried from one to another.
_SEEDS = uuid.UUID("c3b8e8ac-5c7d-5f0a-8c1e-6a0f3c9d2b41")
_BORN = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
_ZONE = "Europe/Madrid"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = {day: [{"opens": "09:00", "closes": "18:00"}] if day not in ("saturday", "sunday") else [] for day in _DAYS}

_HOLIDAYS = [
    {"on": f"2026-{day}", "name": name, "yearly": True}
    for day, name in (
        ("01-01", "Año Nuevo"),
        ("01-06", "Epifanía del Señor"),
        ("05-01", "Fiesta del Trabajo"),
        ("08-15", "Asunción de la Virgen"),
        ("10-12", "Fiesta Nacional de España"),
        ("11-01", "Todos los Santos"),
        ("12-06", "Día de la Constitución"),
        ("12-08", "Inmaculada Concepción"),
        ("12-25", "Natividad del Señor"),
    )
]

# priority, then minutes of working time: first response, next response, resolution
_TARGETS = [
    {
        "priority": priority,
        "first_response_minutes": first,
        "next_response_minutes": following,
        "resolution_minutes": resolution,
    }
    for priority, first, following, resolution in (
        ("low", 960, 960, 4800),
        ("normal", 480, 480, 2400),
        ("high", 240, 240, 960),
        ("urgent", 60, 60, 480),
    )
]
_LEVELS = [
    {"level": 1, "metric": "resolution", "percent": 90, "minutes": None, "notify": ["responsible"], "resolver_id": None},
    {"level": 2, "metric": "resolution", "percent": 100, "minutes": None, "notify": ["supervisor"], "resolver_id": None},
]

# key, category, clocks that stand still, Spanish, English
_STATES = [
    {"key": key, "name": {"es": es, "en": en}, "category": category, "pauses": pauses}
    for key, category, pauses, es, en in (
        ("new", "open", [], "Nuevo", "New"),
        ("in-progress", "open", [], "En curso", "In progress"),
        ("waiting-customer", "waiting", ["next_response", "resolution"], "En espera del cliente", "Waiting for customer"),
        ("waiting-others", "waiting", [], "En espera de terceros", "Waiting for others"),
        ("resolved", "resolved", [], "Resuelto", "Resolved"),
        ("closed", "closed", [], "Cerrado", "Closed"),
    )
]
_WORKING = ["new", "in-progress", "waiting-customer", "waiting-others"]
_TRANSITIONS = [
    {"key": key, "name": {"es": es, "en": en}, "to": to, "sources": sources, "preconditions": preconditions}
    for key, to, sources, preconditions, es, en in (
        ("start", "in-progress", [s for s in _WORKING if s != "in-progress"], [], "Empezar", "Start"),
        ("wait-for-customer", "waiting-customer", _WORKING, [], "Esperar al cliente", "Wait for the customer"),
        ("wait-for-others", "waiting-others", _WORKING, [], "Esperar a terceros", "Wait for others"),
        ("resolve", "resolved", _WORKING, ["tasks-done"], "Resolver", "Resolve"),
        ("close", "closed", ["resolved"], [], "Cerrar", "Close"),
        ("reopen", "in-progress", ["resolved", "closed"], [], "Reabrir", "Reopen"),
    )
]

_TYPES = (
    ("request", None, "request", "Petición", "Request"),
    ("order", None, "order", "Pedido", "Order"),
    ("incident", None, "incident", "Incidencia", "Incident"),
    ("complaint", None, "complaint", "Reclamación", "Complaint"),
    ("complaint-billing", "complaint", None, "Facturación", "Billing"),
    ("complaint-service", "complaint", None, "Servicio", "Service"),
)


def _id(what: str) -> uuid.UUID:
    return uuid.uuid5(_SEEDS, what)


def _table(name: str, *columns: sa.ColumnClause[object]) -> sa.TableClause:
    return sa.table(
        name,
        sa.column("id", sa.Uuid()),
        sa.column("version", sa.Integer()),
        sa.column("created_at", UtcDateTime()),
        sa.column("updated_at", UtcDateTime()),
        sa.column("event_count", sa.Integer()),
        *columns,
    )


def _texts(*names: str) -> list[sa.ColumnClause[object]]:
    return [sa.column(name, sa.String()) for name in names]


def _ids(*names: str) -> list[sa.ColumnClause[object]]:
    return [sa.column(name, sa.Uuid()) for name in names]


def _json(*names: str) -> list[sa.ColumnClause[object]]:
    return [sa.column(name, JSON_DOCUMENT) for name in names]


def _numbers(*names: str) -> list[sa.ColumnClause[object]]:
    return [sa.column(name, sa.Integer()) for name in names]


def _flags(*names: str) -> list[sa.ColumnClause[object]]:
    return [sa.column(name, sa.Boolean()) for name in names]


_holiday_sets = _table("holiday_sets", *_texts("name", "country"), *_json("holidays"))
_calendars = _table(
    "calendars",
    *_texts("name", "time_zone"),
    *_json("week", "holiday_set_ids", "exceptions"),
    *_flags("is_default"),
    *_ids("hours_id"),
    *_numbers("hours_number"),
)
_calendar_versions = sa.table(
    "calendar_versions",
    *_ids("id", "calendar_id"),
    *_numbers("number"),
    *_json("hours"),
    sa.column("valid_from", UtcDateTime()),
)
_policies = _table(
    "sla_policies",
    *_texts("name", "next_response", "on_change", "on_reopening"),
    *_numbers("position", "warning_percent", "reopening_days", "terms_number"),
    *_flags("active", "is_default", "outbound_answers"),
    *_json("company_ids", "priorities", "metric_calendars", "targets", "levels"),
    *_ids("terms_id"),
)
_policy_versions = sa.table(
    "sla_policy_versions",
    *_ids("id", "policy_id"),
    *_numbers("number"),
    *_json("terms"),
    sa.column("valid_from", UtcDateTime()),
)
_workflows = _table(
    "workflows", *_texts("name", "initial"), *_json("states", "transitions"), *_flags("active", "is_default")
)
_case_types = _table(
    "case_types",
    *_texts("slug", "kind", "search_text"),
    *_json("name", "ancestor_ids", "tasks", "fields"),
    *_ids("parent_id"),
    *_flags("active"),
)


_rules_stamp = sa.table("rules_stamp", sa.column("row", sa.Integer()), sa.column("stamp", sa.Uuid()))


def _row(what: str) -> dict[str, object]:
    return {"id": _id(what), "version": 1, "created_at": _BORN, "updated_at": _BORN, "event_count": 0}


def _words(*texts: str | None) -> str:
    # As the search normalises them: lower case, no accents.
    plain = unicodedata.normalize("NFKD", " ".join(text for text in texts if text)).lower()
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("-", " ")


def upgrade() -> None:
    op.bulk_insert(
        _holiday_sets, [{**_row("holidays/es"), "name": "España", "country": "ES", "holidays": _HOLIDAYS}]
    )
    hours = {"time_zone": _ZONE, "week": _WEEK, "holidays": _HOLIDAYS, "exceptions": []}
    op.bulk_insert(
        _calendar_versions,
        [
            {
                "id": _id("hours/office/1"),
                "calendar_id": _id("calendar/office"),
                "number": 1,
                "hours": hours,
                "valid_from": _BORN,
            }
        ],
    )
    op.bulk_insert(
        _calendars,
        [
            {
                **_row("calendar/office"),
                "name": "Oficina",
                "time_zone": _ZONE,
                "week": _WEEK,
                "holiday_set_ids": [str(_id("holidays/es"))],
                "exceptions": [],
                "is_default": True,
                "hours_id": _id("hours/office/1"),
                "hours_number": 1,
            }
        ],
    )
    terms = {
        "name": "Estándar",
        "targets": _TARGETS,
        "levels": _LEVELS,
        "warning_percent": 75,
        "next_response": "unanswered",
        "on_change": "from_start",
        "on_reopening": "continue",
        "reopening_days": 5,
        "outbound_answers": True,
    }
    op.bulk_insert(
        _policy_versions,
        [
            {
                "id": _id("terms/standard/1"),
                "policy_id": _id("policy/standard"),
                "number": 1,
                "terms": terms,
                "valid_from": _BORN,
            }
        ],
    )
    op.bulk_insert(
        _policies,
        [
            {
                **_row("policy/standard"),
                **terms,
                "position": 100,
                "terms_id": _id("terms/standard/1"),
                "terms_number": 1,
                "active": True,
                "is_default": True,
                "company_ids": [],
                "priorities": [],
                "metric_calendars": [],
            }
        ],
    )
    op.bulk_insert(
        _workflows,
        [
            {
                **_row("workflow/standard"),
                "name": "Atención al cliente",
                "initial": "new",
                "states": _STATES,
                "transitions": _TRANSITIONS,
                "active": True,
                "is_default": True,
            }
        ],
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.bulk_insert(_rules_stamp, [{"row": 1, "stamp": _id("rules/1")}])
    # One by one: a type comes after the one above it.
    for slug, above, kind, es, en in _TYPES:
        op.bulk_insert(
            _case_types,
            [
                {
                    **_row(f"type/{slug}"),
                    "slug": slug,
                    "kind": kind,
                    "search_text": _words(es, en, slug, kind),
                    "name": {"es": es, "en": en},
                    "ancestor_ids": [str(_id(f"type/{above}"))] if above else [],
                    "parent_id": _id(f"type/{above}") if above else None,
                    "tasks": [],
                    "fields": [],
                    "active": True,
                }
            ],
        )
        if on_sqlite:
            id_ = _id(f"type/{slug}")
            found_by = {"row": id_.int & (2**63 - 1), "id": id_.hex, "content": _words(es, en, slug, kind)}
            op.get_bind().execute(search_index.insert_statement("case_types"), [found_by])


def downgrade() -> None:
    op.execute(sa.delete(_rules_stamp))
    for slug, *_ in reversed(_TYPES):
        op.execute(sa.delete(_case_types).where(_case_types.c.id == _id(f"type/{slug}")))
    for table, what in (
        (_workflows, "workflow/standard"),
        (_policies, "policy/standard"),
        (_policy_versions, "terms/standard/1"),
        (_calendars, "calendar/office"),
        (_calendar_versions, "hours/office/1"),
        (_holiday_sets, "holidays/es"),
    ):
        op.execute(sa.delete(table).where(table.c.id == _id(what)))
