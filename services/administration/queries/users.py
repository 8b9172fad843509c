"""Questions about users."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.errors import Unauthenticated
from chassis.unit_of_work import UnitOfWork
from services.administration.domain.user import User
from services.administration.errors import NeedsASession


def caller(uow: UnitOfWork) -> UUID:
    """Return the id of the user who calls. Raise ``Unauthenticated`` for a part of the suite, which is no user."""
    if uow.actor.user_id is None:
        raise Unauthenticated
    return uow.actor.user_id


def signed_in_caller(uow: UnitOfWork) -> UUID:
    """Return the id of the user who calls. Raise ``NeedsASession`` where a key calls: it may be in many hands."""
    if uow.actor.kind == "api_key":
        raise NeedsASession
    return caller(uow)


def is_active(session: Session, user_id: UUID) -> bool:
    """Return whether there is an active user with this id."""
    return session.scalar(sa.select(User.id).where(User.id == user_id, User.active)) is not None
