"""Writing the administrative log, in the transaction of what it tells about."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from services.administration.domain.audit_entry import AuditEntry, differences


def note(
    uow: UnitOfWork,
    action: str,
    *,
    record_id: UUID | None,
    label: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str | None = None,
    by: tuple[UUID, str] | None = None,
) -> None:
    """Add one line: ``action`` is ``users.created``, the part before the dot names the resource.

    Never pass a secret in ``before`` or ``after``. ``by`` names who acts where the call does not know yet (log-in).
    """
    actor = uow.actor
    actor_id, actor_name = by or (actor.user_id, actor.name)
    uow.session.add(
        AuditEntry(
            id=new_id(),
            at=utc_now(),
            action=action,
            actor_id=actor_id,
            actor_name=actor_name or actor.kind,
            actor_kind="user" if by else actor.kind.replace("_", "-"),
            resource=action.partition(".")[0],
            record_id=record_id,
            label=label,
            changes=differences(before or {}, after or {}),
            address=address,
            request_id=uow.call.request_id[:255] or None,
        )
    )


def plain(record: object, *names: str) -> dict[str, Any]:
    """Return attributes of a record as plain JSON values, for the log."""
    return {name: _plain(getattr(record, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | int | bool | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
