"""what a won opportunity sets off in every installation: a plan, a type and a policy for after the sale"""

import datetime
import uuid

import sqlalchemy as sa
from alembic import op
from chassis.db import search_index
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The same ids in every installation, so that configurations can be carried from one to another.
_SEEDS = uuid.UUID("c3b8e8ac-5c7d-5f0a-8c1e-6a0f3c9d2b41")
_BORN = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
_WORDS = "posventa after sale after sale after sale"

# Minutes of working time, of nine hours a day: two days until the customer is called, ten until nothing is open.
_TARGETS = [
    {"priority": priority, "first_response_minutes": 1080, "next_response_minutes": 540, "resolution_minutes": 5400}
    for priority in ("low", "normal", "high", "urgent")
]
_TERMS = {
    "name": "Posventa",
    "targets": _TARGETS,
    "levels": [],
    "warning_percent": 75,
    "next_response": "unanswered",
    "on_change": "from_start",
    "on_reopening": "continue",
    "reopening_days": 5,
    "outbound_answers": True,
}


def _task(title: str, days: int, *, required: bool) -> dict[str, object]:
    return {
        "title": title,
        "description": None,
        "due_minutes": days * 540,
        "required": required,
        "assignee_id": None,
    }


_CALL = [_task("Llamada de bienvenida", 2, required=True)]
_SERVICE = [
    _task("Reunión de inicio con el cliente", 3, required=True),
    _task("Entrega del servicio", 15, required=True),
    _task("Conformidad del cliente", 20, required=True),
]


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


_policy_versions = sa.table(
    "sla_policy_versions",
    sa.column("id", sa.Uuid()),
    sa.column("policy_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("terms", JSON_DOCUMENT),
    sa.column("valid_from", UtcDateTime()),
)
_policies = _table(
    "sla_policies",
    *(sa.column(name, sa.String()) for name in ("name", "next_response", "on_change", "on_reopening")),
    *(sa.column(name, sa.Integer()) for name in ("position", "warning_percent", "reopening_days", "terms_number")),
    *(sa.column(name, sa.Boolean()) for name in ("active", "is_default", "outbound_answers")),
    *(sa.column(name, JSON_DOCUMENT) for name in ("company_ids", "priorities", "metric_calendars", "targets", "levels")),
    sa.column("terms_id", sa.Uuid()),
)
_case_types = _table(
    "case_types",
    *(sa.column(name, sa.String()) for name in ("slug", "kind", "search_text")),
    *(sa.column(name, JSON_DOCUMENT) for name in ("name", "ancestor_ids", "tasks", "fields")),
    sa.column("sla_policy_id", sa.Uuid()),
    sa.column("active", sa.Boolean()),
)
_plans = _table(
    "project_plans",
    sa.column("name", sa.String()),
    sa.column("tasks", JSON_DOCUMENT),
    sa.column("after_sale_type_id", sa.Uuid()),
    sa.column("active", sa.Boolean()),
    sa.column("is_default", sa.Boolean()),
)
_rules_stamp = sa.table("rules_stamp", sa.column("row", sa.Integer()), sa.column("stamp", sa.Uuid()))


def _row(what: str) -> dict[str, object]:
    return {"id": _id(what), "version": 1, "created_at": _BORN, "updated_at": _BORN, "event_count": 0}


def _free(table: sa.TableClause, column: str, wanted: str) -> str:
    """Return a name that no record of the installation has."""
    taken = set(op.get_bind().scalars(sa.select(table.c[column])))
    return next(name for name in (wanted, f"{wanted}-trato", str(_id(wanted))) if name not in taken)


def upgrade() -> None:
    policy, type_ = _id("policy/after-sale"), _id("type/after-sale")
    terms = {**_TERMS, "name": _free(_policies, "name", "Posventa")}
    op.bulk_insert(
        _policy_versions,
        [
            {
                "id": _id("terms/after-sale/1"),
                "policy_id": policy,
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
                **_row("policy/after-sale"),
                **terms,
                "position": 100,
                "terms_id": _id("terms/after-sale/1"),
                "terms_number": 1,
                "active": True,
                "is_default": False,
                "company_ids": [],
                "priorities": [],
                "metric_calendars": [],
            }
        ],
    )
    op.bulk_insert(
        _case_types,
        [
            {
                **_row("type/after-sale"),
                "slug": _free(_case_types, "slug", "after-sale"),
                "kind": "after-sale",
                "search_text": _WORDS,
                "name": {"es": "Posventa", "en": "After-sale"},
                "ancestor_ids": [],
                "tasks": _CALL,
                "fields": [],
                "sla_policy_id": policy,
                "active": True,
            }
        ],
    )
    if op.get_bind().dialect.name == "sqlite":
        found_by = {"row": type_.int & (2**63 - 1), "id": type_.hex, "content": _WORDS}
        op.get_bind().execute(search_index.insert_statement("case_types"), [found_by])
    op.bulk_insert(
        _plans,
        [
            {
                **_row("plan/service"),
                "name": "Servicio",
                "tasks": _SERVICE,
                "after_sale_type_id": type_,
                "active": True,
                "is_default": True,
            }
        ],
    )
    op.execute(sa.update(_rules_stamp).values(stamp=_id("rules/2")))


def downgrade() -> None:
    op.execute(sa.update(_rules_stamp).values(stamp=_id("rules/1")))
    for table, what in (
        (_plans, "plan/service"),
        (_case_types, "type/after-sale"),
        (_policies, "policy/after-sale"),
        (_policy_versions, "terms/after-sale/1"),
    ):
        op.execute(sa.delete(table).where(table.c.id == _id(what)))
