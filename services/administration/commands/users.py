"""What is done with users."""

from typing import Any, Final
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from services.administration.commands import authority, log
from services.administration.commands.endings import end_keys, end_sessions
from services.administration.domain.user import User
from services.administration.errors import GroupOutOfReach, HandoverRefused, OnlyOwnProfile
from services.administration.queries import references
from services.administration.queries import users as user_queries

_LOGGED: Final = (
    "username",
    "name",
    "email",
    "locale",
    "time_zone",
    "active",
    "must_change_password",
    "group_id",
    "group_ids",
    "role_ids",
    "custom",
)
# Whose scope is only ``own`` may edit the own profile, not the own power.
_PROFILE: Final = frozenset({"name", "email", "locale", "time_zone"})


def create_user(uow: UnitOfWork, prepared: str | None = None, **data: Any) -> User:
    """Make a user, with ``prepared`` as the hash of the first password, if one was given.

    Raises ``CannotGrantMore`` or ``GroupOutOfReach`` for power that the caller does not have.
    """
    if uow.actor.scope("users:write") == "own":
        raise OnlyOwnProfile
    groups, roles, primary = data.pop("group_ids", []), data.pop("role_ids", []), data.pop("group_id", None)
    data.pop("password", None)
    user = User(**data)
    _place(uow, user, group_ids=groups, primary=primary)
    if uow.actor.scope("users:write") == "team" and not user.groups:
        raise GroupOutOfReach
    user.roles = references.roles(uow, roles)
    authority.demand_roles(uow, user.roles)
    if prepared is not None:
        user.set_password(prepared, at=utc_now(), must_change=user.must_change_password)
    uow.add(user)
    user.tell_created()
    log.note(uow, "users.created", record_id=user.id, label=user.username, after=log.plain(user, *_LOGGED))
    return user


def update_user(uow: UnitOfWork, user_id: UUID, **changes: Any) -> User:
    """Change a user. Groups and roles are lists of ids, replaced whole.

    Raises ``OnlyOwnProfile``, ``CannotGrantMore``, ``GroupOutOfReach`` or ``LastAdministrator``.
    """
    user = uow.change(User, user_id)
    if uow.actor.scope("users:write") == "own" and not set(changes) <= _PROFILE:
        raise OnlyOwnProfile
    authority.demand_over(uow, user)
    before = log.plain(user, *_LOGGED)
    _apply(uow, user, changes)
    _changed(uow, user, before)
    return user


def update_profile(uow: UnitOfWork, **changes: Any) -> User:
    """Change the caller's own language, time zone, name or e-mail."""
    user = uow.change(User, user_queries.signed_in_caller(uow))
    before = log.plain(user, *_LOGGED)
    user.apply(changes)
    _changed(uow, user, before)
    return user


def deactivate_user(uow: UnitOfWork, user_id: UUID, *, handover_to: UUID | None = None) -> User:
    """End a user's right to sign in, with all sessions and keys; ``handover_to`` takes over the rows.

    Raises ``UserIsDeactivated``, ``HandoverRefused``, ``CannotGrantMore`` or ``LastAdministrator``.
    """
    user = uow.change(User, user_id)
    if uow.actor.scope("users:write") == "own":
        raise OnlyOwnProfile
    authority.demand_over(uow, user)
    if handover_to is not None and (handover_to == user_id or not user_queries.is_active(uow.session, handover_to)):
        raise HandoverRefused
    now = utc_now()
    user.deactivate(at=now, handover_to=handover_to)
    end_sessions(uow, user_id, at=now, because="user-deactivated")
    end_keys(uow, user_id, at=now, because="user-deactivated")
    after = {"active": False, "handover_to": None if handover_to is None else str(handover_to)}
    log.note(uow, "users.deactivated", record_id=user.id, label=user.username, before={"active": True}, after=after)
    authority.keep_administrator(uow)
    return user


def reactivate_user(uow: UnitOfWork, user_id: UUID) -> User:
    """Give a user the right to sign in back. Sessions and keys that ended stay ended."""
    user = uow.change(User, user_id)
    authority.demand_over(uow, user)
    if not user.active:
        user.reactivate()
        log.note(
            uow,
            "users.reactivated",
            record_id=user.id,
            label=user.username,
            before={"active": False},
            after={"active": True},
        )
    return user


def set_password(uow: UnitOfWork, user_id: UUID, prepared: str, *, must_change: bool = True) -> User:
    """Give a user a new password, whose hash is ``prepared``; the user's sessions end.

    Raises ``CannotGrantMore`` where the user may do more than the caller.
    """
    user = uow.change(User, user_id)
    authority.demand_over(uow, user)
    now = utc_now()
    user.set_password(prepared, at=now, must_change=must_change)
    user.tell()
    end_sessions(uow, user_id, at=now, because="password-changed")
    log.note(
        uow,
        "users.password_set",
        record_id=user.id,
        label=user.username,
        after={"must_change_password": must_change},
    )
    return user


def _apply(uow: UnitOfWork, user: User, changes: dict[str, Any]) -> None:
    group_ids, role_ids = changes.pop("group_ids", None), changes.pop("role_ids", None)
    primary = changes.pop("group_id", None)
    user.apply(changes)
    if group_ids is not None or primary is not None:
        _place(uow, user, group_ids=user.group_ids if group_ids is None else group_ids, primary=primary)
    if role_ids is not None:
        held = authority.ids(user.roles)
        user.roles = references.roles(uow, role_ids)
        authority.demand_roles(uow, [role for role in user.roles if role.id not in held])


def _place(uow: UnitOfWork, user: User, *, group_ids: list[UUID], primary: UUID | None) -> None:
    present = authority.ids(user.groups)
    groups = references.groups(uow, group_ids)
    entered = [group for group in groups if group.id not in present]
    authority.demand_groups(uow, entered, uow.actor.scope("users:write"))
    user.join(groups, primary=primary)


def _changed(uow: UnitOfWork, user: User, before: dict[str, Any]) -> None:
    after = log.plain(user, *_LOGGED)
    if before != after:
        user.tell()
        log.note(uow, "users.changed", record_id=user.id, label=user.username, before=before, after=after)
        authority.keep_administrator(uow)
