"""the catalogues that every installation begins with: what a contact is to us, and how contacts are related"""

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
_SEEDS = uuid.UUID("6b2f4f0e-6f0b-5c7e-9d3a-2f1d5f0c7a10")
_BORN = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)

_LINK_KINDS = (
    ("customer", "Cliente", "Customer"),
    ("prospect", "Cliente potencial", "Prospect"),
    ("supplier", "Proveedor", "Supplier"),
    ("partner", "Asociado", "Partner"),
    ("employee", "Empleado", "Employee"),
    ("user", "Usuario", "User"),
    ("competitor", "Competidor", "Competitor"),
    ("press", "Prensa", "Press"),
    ("authority", "Administración pública", "Public authority"),
)

# slug, name and inverse name in Spanish and English, formal, what stands on the two sides
_RELATION_TYPES = (
    ("manager", "es responsable de", "depende de", "is manager of", "reports to", True, "person", "person"),
    ("assistant", "es asistente de", "tiene como asistente a", "is assistant of", "has as assistant", True, "person", "person"),
    ("colleague", "trabaja con", "trabaja con", "works with", "works with", True, "person", "person"),
    ("owner", "es propietario de", "es propiedad de", "is owner of", "is owned by", True, "any", "company"),
    ("representative", "representa a", "tiene como representante a", "represents", "is represented by", True, "person", "any"),
    ("adviser", "asesora a", "tiene como asesor a", "advises", "is advised by", True, "any", "any"),
    ("subsidiary", "es filial de", "es matriz de", "is subsidiary of", "is parent of", True, "company", "company"),
    ("supplies", "suministra a", "se abastece de", "supplies", "is supplied by", True, "company", "company"),
    ("partner", "colabora con", "colabora con", "is a partner of", "is a partner of", True, "company", "company"),
    ("referred", "recomendó a", "fue recomendado por", "referred", "was referred by", True, "any", "any"),
    ("friend", "tiene amistad con", "tiene amistad con", "is a friend of", "is a friend of", False, "person", "person"),
    ("relative", "es familiar de", "es familiar de", "is a relative of", "is a relative of", False, "person", "person"),
    ("golf-partner", "juega al golf con", "juega al golf con", "plays golf with", "plays golf with", False, "person", "person"),
    ("ex-colleague", "trabajó con", "trabajó con", "used to work with", "used to work with", False, "person", "person"),
    ("influences", "influye en", "recibe la influencia de", "influences", "is influenced by", False, "person", "person"),
)


def _table(name: str, *more: sa.ColumnClause[object]) -> sa.TableClause:
    return sa.table(
        name,
        sa.column("id", sa.Uuid()),
        sa.column("slug", sa.String()),
        sa.column("name", JSON_DOCUMENT),
        sa.column("active", sa.Boolean()),
        sa.column("version", sa.Integer()),
        sa.column("created_at", UtcDateTime()),
        sa.column("updated_at", UtcDateTime()),
        sa.column("event_count", sa.Integer()),
        *more,
    )


_link_kinds = _table("link_kinds")
_relation_types = _table(
    "relation_types",
    sa.column("inverse_name", JSON_DOCUMENT),
    sa.column("formal", sa.Boolean()),
    sa.column("symmetric", sa.Boolean()),
    sa.column("from_kind", sa.String()),
    sa.column("to_kind", sa.String()),
)


def _row(resource: str, slug: str, es: str, en: str) -> dict[str, object]:
    return {
        "id": uuid.uuid5(_SEEDS, f"{resource}/{slug}"),
        "slug": slug,
        "name": {"es": es, "en": en},
        "active": True,
        "version": 1,
        "created_at": _BORN,
        "updated_at": _BORN,
        "event_count": 0,
    }


def upgrade() -> None:
    op.bulk_insert(_link_kinds, [_row("link-kinds", *kind) for kind in _LINK_KINDS])
    op.bulk_insert(
        _relation_types,
        [
            {
                **_row("relation-types", slug, es, en),
                "inverse_name": {"es": inverse_es, "en": inverse_en},
                "formal": formal,
                "symmetric": (es, en) == (inverse_es, inverse_en) and from_kind == to_kind,
                "from_kind": from_kind,
                "to_kind": to_kind,
            }
            for slug, es, inverse_es, en, inverse_en, formal, from_kind, to_kind in _RELATION_TYPES
        ],
    )


def downgrade() -> None:
    op.execute(sa.delete(_relation_types).where(_relation_types.c.slug.in_([row[0] for row in _RELATION_TYPES])))
    op.execute(sa.delete(_link_kinds).where(_link_kinds.c.slug.in_([row[0] for row in _LINK_KINDS])))
