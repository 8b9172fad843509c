"""the pipeline that every installation begins with, and the reasons for losing opportunities and leads"""

import datetime
import uuid

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The same ids in every installation, so that configurations can be carried from one to another.
_SEEDS = uuid.UUID("b7c1d4de-3c1e-5a0b-8f6e-5b1e9a3c2d40")
_BORN = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)

_PIPELINE = "Ventas"
_STAGES = (
    ("Contacto", "10.00", "pipeline", []),
    ("Análisis de necesidades", "20.00", "pipeline", ["person"]),
    ("Propuesta", "50.00", "best_case", ["amount"]),
    ("Negociación", "80.00", "commit", ["expected_close"]),
)

# what ends, slug, name in Spanish and English
_REASONS = (
    ("opportunity", "price", "Precio", "Price"),
    ("opportunity", "competitor", "Eligió a un competidor", "Chose a competitor"),
    ("opportunity", "no-budget", "Sin presupuesto", "No budget"),
    ("opportunity", "no-decision", "No se decidió", "No decision"),
    ("opportunity", "timing", "No es el momento", "Not the right time"),
    ("opportunity", "missing-feature", "No cubrimos la necesidad", "We do not cover the need"),
    ("lead", "no-interest", "Sin interés", "No interest"),
    ("lead", "not-reachable", "No se le localiza", "Cannot be reached"),
    ("lead", "wrong-data", "Datos erróneos", "Wrong data"),
    ("lead", "duplicate", "Repetido", "Duplicate"),
    ("lead", "no-budget", "Sin presupuesto", "No budget"),
    ("lead", "not-now", "No es el momento", "Not now"),
)


def _aggregate(name: str, *more: sa.ColumnClause[object]) -> sa.TableClause:
    return sa.table(
        name,
        sa.column("id", sa.Uuid()),
        sa.column("active", sa.Boolean()),
        sa.column("version", sa.Integer()),
        sa.column("created_at", UtcDateTime()),
        sa.column("updated_at", UtcDateTime()),
        sa.column("event_count", sa.Integer()),
        *more,
    )


_pipelines = _aggregate(
    "pipelines",
    sa.column("name", sa.String()),
    sa.column("is_default", sa.Boolean()),
    sa.column("stages", JSON_DOCUMENT),
    sa.column("search_text", sa.Text()),
)
_reasons = _aggregate(
    "close_reasons",
    sa.column("ending", sa.String()),
    sa.column("slug", sa.String()),
    sa.column("name", JSON_DOCUMENT),
)


def _row(path: str) -> dict[str, object]:
    return {
        "id": uuid.uuid5(_SEEDS, path),
        "active": True,
        "version": 1,
        "created_at": _BORN,
        "updated_at": _BORN,
        "event_count": 0,
    }


def upgrade() -> None:
    stages = [
        {
            "id": str(uuid.uuid5(_SEEDS, f"stages/{name}")),
            "name": name,
            "probability": probability,
            "category": category,
            "entry_criteria": criteria,
        }
        for name, probability, category, criteria in _STAGES
    ]
    pipeline = {"name": _PIPELINE, "is_default": True, "stages": stages, "search_text": _PIPELINE.lower()}
    op.bulk_insert(_pipelines, [{**_row("pipelines/sales"), **pipeline}])
    op.bulk_insert(
        _reasons,
        [
            {**_row(f"reasons/{ending}/{slug}"), "ending": ending, "slug": slug, "name": {"es": es, "en": en}}
            for ending, slug, es, en in _REASONS
        ],
    )


def downgrade() -> None:
    ids = [uuid.uuid5(_SEEDS, f"reasons/{ending}/{slug}") for ending, slug, _, _ in _REASONS]
    op.execute(sa.delete(_reasons).where(_reasons.c.id.in_(ids)))
    op.execute(sa.delete(_pipelines).where(_pipelines.c.id == uuid.uuid5(_SEEDS, "pipelines/sales")))
