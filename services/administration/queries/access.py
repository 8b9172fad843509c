"""What somebody may do now, and who administers."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.administration.domain import access as rules
from services.administration.domain.access import Access
from services.administration.domain.group import Group
from services.administration.domain.group_tree import Branch, GroupTree
from services.administration.domain.membership import GroupRole, Membership, UserRole
from services.administration.domain.role import Role
from services.administration.domain.user import User


def group_tree(session: Session) -> GroupTree:
    """Return the tree of all groups."""
    rows = session.execute(sa.select(Group.id, Group.parent_id, Group.inherits))
    return GroupTree({id_: Branch(parent_id=parent, inherits=inherits) for id_, parent, inherits in rows})


def access_of(session: Session, user_id: UUID, *, barred: bool = False) -> Access:
    """Return what a user may do now, in two queries: the tree with the user's places in it, and the roles."""
    rows = session.execute(
        sa.select(Group.id, Group.parent_id, Group.inherits, Membership.user_id).outerjoin(
            Membership, sa.and_(Membership.group_id == Group.id, Membership.user_id == user_id)
        )
    ).all()
    tree = GroupTree({id_: Branch(parent_id=parent, inherits=inherits) for id_, parent, inherits, _ in rows})
    direct = [id_ for id_, _, _, member in rows if member is not None]
    granted = _permissions_reaching(session, user_id, tree.role_sources(direct))
    return rules.access(tree, direct, granted, barred=barred)


def permissions_through(session: Session, groups: Iterable[UUID]) -> list[list[str]]:
    """Return the permissions of each role that somebody directly in ``groups`` has through them."""
    sources = group_tree(session).role_sources(groups)
    query = sa.select(Role.permissions).where(Role.id.in_(_roles_of_groups(sources)))
    return list(session.scalars(query))


def administrator_remains(session: Session) -> bool:
    """Return whether at least one active user administers users and roles."""
    roles = [
        id_
        for id_, permissions in session.execute(sa.select(Role.id, Role.permissions))
        if rules.administers(permissions)
    ]
    tree = group_tree(session)
    granted = session.scalars(sa.select(GroupRole.group_id).where(GroupRole.role_id.in_(roles)))
    reached = {group for granted_to in granted for group in tree.role_reach(granted_to)}
    by_group = sa.select(Membership.user_id).where(Membership.group_id.in_(reached))
    by_name = sa.select(UserRole.user_id).where(UserRole.role_id.in_(roles))
    query = sa.select(User.id).where(User.active, sa.or_(User.id.in_(by_name), User.id.in_(by_group)))
    return session.scalar(query.limit(1)) is not None


def _permissions_reaching(session: Session, user_id: UUID, sources: Iterable[UUID]) -> list[list[str]]:
    own = sa.select(UserRole.role_id).where(UserRole.user_id == user_id)
    query = sa.select(Role.permissions).where(sa.or_(Role.id.in_(own), Role.id.in_(_roles_of_groups(sources))))
    return list(session.scalars(query))


def _roles_of_groups(groups: Iterable[UUID]) -> sa.Select[UUID]:
    return sa.select(GroupRole.role_id).where(GroupRole.group_id.in_(list(groups)))
