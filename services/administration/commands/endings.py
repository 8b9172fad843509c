"""Ending what somebody holds: sessions and keys."""

from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.administration.domain.api_key import ApiKey
from services.administration.queries import credentials

EXPIRY_TIMER = "api-key-expiry"


def end_sessions(uow: UnitOfWork, user_id: UUID, *, at: datetime, because: str, except_for: UUID | None = None) -> None:
    """End all open sessions of a user, ``except_for`` one."""
    for session in credentials.open_sessions(uow.session, user_id, at):
        if session.id != except_for:
            session.end(at=at, because=because)


def end_keys(uow: UnitOfWork, owner_id: UUID, *, at: datetime, because: str) -> None:
    """Revoke all keys of a user."""
    for key in credentials.active_keys(uow.session, owner_id):
        end_key(uow, key, at=at, because=because)


def end_key(uow: UnitOfWork, key: ApiKey, *, at: datetime, because: str) -> None:
    """Revoke one key, and forget the timer of its expiry."""
    key.revoke(at=at, because=because)
    uow.cancel_timer(EXPIRY_TIMER, str(key.id))
