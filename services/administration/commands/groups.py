"""What is done with groups and their members."""

from typing import Any, Final
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.administration.commands import authority, log
from services.administration.domain.group import Group
from services.administration.domain.user import User
from services.administration.errors import GroupCycle, GroupNotEmpty
from services.administration.queries import access as access_queries
from services.administration.queries import groups as group_queries
from services.administration.queries import references

_LOGGED: Final = ("name", "description", "email", "parent_id", "inherits", "role_ids", "custom")


def create_group(uow: UnitOfWork, *, role_ids: list[UUID] | None = None, **data: Any) -> Group:
    """Make a group, at the top or inside ``parent_id``. Raise ``CannotGrantMore`` for roles beyond the caller."""
    group = Group(**data)
    _demand_parent(uow, group.parent_id)
    group.roles = references.roles(uow, role_ids or [])
    authority.demand_roles(uow, group.roles)
    uow.add(group)
    group.tell()
    log.note(uow, "groups.created", record_id=group.id, label=group.name, after=log.plain(group, *_LOGGED))
    return group


def update_group(uow: UnitOfWork, group_id: UUID, *, role_ids: list[UUID] | None = None, **changes: Any) -> Group:
    """Change a group, move it to another place in the tree or grant it other roles.

    Raises ``GroupCycle``, ``CannotGrantMore`` or ``LastAdministrator``.
    """
    group = uow.change(Group, group_id)
    before = log.plain(group, *_LOGGED)
    if "parent_id" in changes:
        # Two moves at once could close a cycle that neither sees alone.
        group_queries.lock_tree(uow)
        if access_queries.group_tree(uow.session).would_cycle(group.id, changes["parent_id"]):
            raise GroupCycle
        _demand_parent(uow, changes["parent_id"])
    group.apply(changes)
    if role_ids is not None:
        held = authority.ids(group.roles)
        group.roles = references.roles(uow, role_ids)
        authority.demand_roles(uow, [role for role in group.roles if role.id not in held])
    if changes.keys() & {"parent_id", "inherits"}:
        # What now comes down to the members is given by whoever moves the group.
        uow.session.flush()
        authority.demand_groups(uow, [group], "all")
    after = log.plain(group, *_LOGGED)
    if before != after:
        group.tell()
        log.note(uow, "groups.changed", record_id=group.id, label=group.name, before=before, after=after)
        authority.keep_administrator(uow)
    return group


def delete_group(uow: UnitOfWork, group_id: UUID) -> None:
    """Remove an empty group. Raise ``GroupNotEmpty`` while it has members or groups inside."""
    group = uow.change(Group, group_id)
    if not group_queries.is_empty(uow.session, group.id):
        raise GroupNotEmpty
    before = log.plain(group, *_LOGGED)
    group.tell(removed=True)
    uow.flush()
    group.roles = []
    uow.remove(group)
    log.note(uow, "groups.removed", record_id=group.id, label=group.name, before=before)
    authority.keep_administrator(uow)


def add_member(uow: UnitOfWork, group_id: UUID, *, user_id: UUID) -> User:
    """Put a user into a group; one who is in it already stays. Raise ``CannotGrantMore`` as for a role."""
    group = uow.get(Group, group_id)
    user = uow.get(User, user_id, permission="users:read")
    if group.id not in authority.ids(user.groups):
        authority.demand_groups(uow, [group], uow.actor.scope("groups:write"))
        _move(uow, user, [*user.groups, group])
    return user


def remove_member(uow: UnitOfWork, group_id: UUID, user_id: UUID) -> None:
    """Take a user out of a group; one who is not in it stays out. Raise ``LastAdministrator``."""
    group = uow.get(Group, group_id)
    user = uow.get(User, user_id, permission="users:read")
    if group.id in authority.ids(user.groups):
        authority.demand_over(uow, user)
        _move(uow, user, [other for other in user.groups if other.id != group.id])
        authority.keep_administrator(uow)


def _move(uow: UnitOfWork, user: User, groups: list[Group]) -> None:
    before = log.plain(user, "group_id", "group_ids")
    user.join(groups, primary=None)
    user.tell()
    after = log.plain(user, "group_id", "group_ids")
    log.note(uow, "users.changed", record_id=user.id, label=user.username, before=before, after=after)


def _demand_parent(uow: UnitOfWork, parent_id: UUID | None) -> None:
    if parent_id is not None:
        references.groups(uow, [parent_id], field="parent_id")
