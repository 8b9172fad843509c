"""The administrative log: who changed what, and who came in or was refused. Lines are added, never changed."""

from collections.abc import Mapping
from typing import Any

from chassis.db.json_values import JsonDocument
from chassis.fields import Id, Instant, Internal, Name, ReadOnly, ShortText, Slug
from chassis.indexes import index
from chassis.model import Mapped, column
from services.administration.domain.base import Model

LONGEST_VALUE = 2000
_CUT = "… [cut]"


class AuditEntry(Model):
    """One line. ``action`` is ``user.created`` and the like; ``changes`` maps a field to its old and new value."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        index("ix_audit_entries_actor", "actor_id", "id"),
        index("ix_audit_entries_record", "resource", "record_id", "id"),
        index("ix_audit_entries_action", "action", "id"),
    )
    id: Mapped[ReadOnly[Id]] = column(primary_key=True)
    at: Mapped[ReadOnly[Instant]] = column(index=True)
    action: Mapped[ReadOnly[Name]]
    actor_id: Mapped[ReadOnly[Id] | None]
    actor_name: Mapped[ReadOnly[ShortText]]
    actor_kind: Mapped[ReadOnly[Slug]]
    resource: Mapped[ReadOnly[Slug]]
    record_id: Mapped[ReadOnly[Id] | None]
    label: Mapped[ReadOnly[ShortText] | None]
    changes: Mapped[Internal[dict[str, Any]]] = column(JsonDocument, default=dict)
    address: Mapped[ReadOnly[ShortText] | None]
    request_id: Mapped[ReadOnly[ShortText] | None]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the fields that differ, each with its old and new value; long texts are cut with a mark."""
    return {
        name: {"old": _short(before.get(name)), "new": _short(after.get(name))}
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return value[:LONGEST_VALUE] + _CUT
    return value
