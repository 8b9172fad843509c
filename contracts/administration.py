"""Events told by the administration service."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.events import Event


@dataclass(frozen=True, kw_only=True)
class UserCreated(Event, public=True):
    """Somebody may sign in from now on."""

    user_id: UUID
    username: str
    name: str
    email: str | None
    locale: str
    time_zone: str
    group_id: UUID | None
    group_ids: list[UUID]
    role_ids: list[UUID]


@dataclass(frozen=True, kw_only=True)
class UserChanged(Event, public=True):
    """A user's card, groups, roles, password or state changed; the card is whole, so the newest one is enough.

    Told after a deactivation too, with ``active`` false. Whoever keeps identities for a while forgets this user's.
    """

    user_id: UUID
    username: str
    name: str
    email: str | None
    locale: str
    time_zone: str
    group_id: UUID | None
    group_ids: list[UUID]
    role_ids: list[UUID]
    active: bool


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(Event, public=True):
    """A user may no longer sign in. Each service gives the user's rows to ``handover_to``, where there is one."""

    user_id: UUID
    handover_to: UUID | None
    deactivated_at: datetime


@dataclass(frozen=True, kw_only=True)
class GroupChanged(Event, public=True):
    """A group was made, changed, moved, given roles, or removed; the card is whole.

    Who is a member is told by ``UserChanged``. What members may do can change with it, so whoever keeps identities
    for a while forgets them all.
    """

    group_id: UUID
    name: str
    parent_id: UUID | None
    inherits: bool
    role_ids: list[UUID]
    removed: bool = False


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event, public=True):
    """A role was made, changed or removed; what its holders may do changes at once."""

    role_id: UUID
    name: str
    permissions: list[str]
    removed: bool = False


@dataclass(frozen=True, kw_only=True)
class ApiKeyCreated(Event, public=True):
    """A user made a token for a program. The token itself is never told."""

    key_id: UUID
    owner_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ApiKeyRevoked(Event, public=True):
    """A token no longer works. ``reason`` is revoked, expired or user-deactivated."""

    key_id: UUID
    owner_id: UUID
    name: str
    prefix: str
    reason: str
    revoked_at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event, public=True):
    """A sign-in is over. ``reason`` is logged-out, ended-by-other, user-deactivated or password-changed."""

    session_id: UUID
    user_id: UUID
    reason: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class LogInRefused(Event, public=True):
    """Somebody failed to log in. ``slowed`` says what is slowed down: username or address.

    ``user_id`` is null for a name that does not exist. ``failures`` counts those in a row;
    ``blocked_until`` is null while no delay applies yet.
    """

    slowed: str
    user_id: UUID | None
    address: str | None
    failures: int
    blocked_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class ParameterChanged(Event, public=True):
    """A setting of the installation has a new value, effective at once. ``value`` is the effective one."""

    key: str
    value: Any
    old: Any


@dataclass(frozen=True, kw_only=True)
class CustomFieldDefined(Event, public=True):
    """An installation added a field to a resource, or brought a retired one back."""

    field_id: UUID
    resource: str
    name: str
    kind: str
    required: bool
    options: list[dict[str, Any]]
    labels: dict[str, str]
    default: Any


@dataclass(frozen=True, kw_only=True)
class CustomFieldChanged(Event, public=True):
    """A custom field's labels, options, default or obligation changed; kind and name never do."""

    field_id: UUID
    resource: str
    name: str
    kind: str
    required: bool
    options: list[dict[str, Any]]
    labels: dict[str, str]
    default: Any


@dataclass(frozen=True, kw_only=True)
class CustomFieldRetired(Event, public=True):
    """A custom field is no longer offered; values already stored stay."""

    field_id: UUID
    resource: str
    name: str
