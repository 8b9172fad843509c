"""Questions about roles."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.administration.domain.membership import GroupRole, UserRole
from services.administration.domain.role import Role


def seeded(session: Session) -> list[Role]:
    """Return the roles that came with the product."""
    return list(session.scalars(sa.select(Role).where(Role.seeded)))


def named(session: Session, name: str) -> Role | None:
    """Return the role with this name."""
    return session.scalars(sa.select(Role).where(Role.name == name)).one_or_none()


def is_granted(session: Session, role_id: UUID) -> bool:
    """Return whether a user or a group holds the role."""
    users = sa.select(UserRole.user_id).where(UserRole.role_id == role_id)
    groups = sa.select(GroupRole.group_id).where(GroupRole.role_id == role_id)
    return bool(session.scalar(sa.select(sa.or_(users.exists(), groups.exists()))))
