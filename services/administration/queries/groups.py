"""Questions about groups."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.unit_of_work import UnitOfWork
from services.administration.domain.group import Group
from services.administration.domain.membership import Membership

# Any number that nothing else of this service locks.
_TREE_LOCK = 7_301_001


def is_empty(session: Session, group_id: UUID) -> bool:
    """Return whether a group has neither direct members nor groups inside."""
    inside = sa.select(Group.id).where(Group.parent_id == group_id)
    members = sa.select(Membership.user_id).where(Membership.group_id == group_id)
    return not session.scalar(sa.select(sa.or_(inside.exists(), members.exists())))


def lock_tree(uow: UnitOfWork) -> None:
    """Let one transaction at a time move groups; SQLite has one writer anyway."""
    if uow.session.get_bind().dialect.name == "postgresql":
        uow.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_TREE_LOCK)))
