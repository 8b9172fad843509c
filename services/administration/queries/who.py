"""Who calls, as the caller is told."""

from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.administration.domain.user import User
from services.administration.queries.users import caller


def who_am_i(uow: UnitOfWork) -> dict[str, Any]:
    """Return the calling user and what this credential may do."""
    actor = uow.actor
    return {
        "user": uow.get(User, caller(uow)),
        "kind": actor.kind,
        "permissions": dict(actor.permissions),
        "groups": sorted(actor.groups),
        "teams": sorted(actor.teams),
        "key_id": actor.key_id,
        "session_id": actor.session_id,
    }
