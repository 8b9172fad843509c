"""versions of case types; each type that exists has its first, and its cases keep to it"""

import uuid

import sqlalchemy as sa
from alembic import op
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SCALARS = (
    "kind",
    "priority",
    "responsible_id",
    "resolver_id",
    "group_id",
    "workflow_id",
    "sla_policy_id",
    "survey",
)
_types = sa.table(
    "case_types",
    sa.column("id", sa.Uuid()),
    sa.column("updated_at", UtcDateTime()),
    sa.column("survey", sa.Boolean()),
    *(sa.column(name, sa.String()) for name in ("kind", "priority")),
    *(sa.column(name, sa.Uuid()) for name in _SCALARS[2:7]),
    *(sa.column(name, JSON_DOCUMENT) for name in ("name", "ancestor_ids", "tasks", "fields")),
)
_versions = sa.table(
    "case_type_versions",
    sa.column("id", sa.Uuid()),
    sa.column("type_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("holds", JSON_DOCUMENT),
    sa.column("valid_from", UtcDateTime()),
)
_cases = sa.table("cases", sa.column("type_id", sa.Uuid()), sa.column("type_version", sa.Integer()))
_rules_stamp = sa.table("rules_stamp", sa.column("stamp", sa.Uuid()))


def upgrade() -> None:
    op.create_table(
        "case_type_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holds", JSON_DOCUMENT, nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_type_versions")),
        sa.UniqueConstraint("type_id", "number", name=op.f("uq_case_type_versions_type_id_number")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("type_version", sa.Integer(), nullable=True))

    known = {row["id"]: row for row in op.get_bind().execute(sa.select(_types)).mappings()}
    op.bulk_insert(
        _versions,
        [
            {
                "id": uuid.uuid4(),
                "type_id": id_,
                "number": 1,
                "holds": _holds([*(known[uuid.UUID(above)] for above in row["ancestor_ids"]), row]),
                "valid_from": row["updated_at"],
            }
            for id_, row in known.items()
        ],
    )
    op.execute(sa.update(_cases).where(_cases.c.type_id.is_not(None)).values(type_version=1))
    op.execute(sa.update(_rules_stamp).values(stamp=uuid.uuid4()))


def _holds(chain: list[sa.RowMapping]) -> dict[str, object]:
    """Return what held for the last type of a chain from the root, as the service worked it out until now."""
    said = {name: [row[name] for row in chain if row[name] is not None][-1:] for name in _SCALARS}
    plain = {name: str(found[0]) if isinstance(found[0], uuid.UUID) else found[0] for name, found in said.items() if found}
    return {
        "path": [row["name"] for row in chain],
        **dict.fromkeys(_SCALARS),
        **plain,
        "tasks": [task for row in chain for task in row["tasks"]],
        "fields": list({field["name"]: field for row in chain for field in row["fields"]}.values()),
    }


def downgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("type_version")

    op.drop_table("case_type_versions")
