"""What somebody may do now: computed from roles, groups and, for a key, its scopes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from chassis.context import Scope
from services.administration.domain import permissions
from services.administration.domain.group_tree import GroupTree

# What everybody who is signed in may do with what is theirs.
BASELINE: Final[Mapping[str, Scope]] = {
    "api-keys:read": "own",
    "api-keys:write": "own",
    "sessions:read": "own",
    "sessions:write": "own",
    "users:read": "own",
}

ADMINISTERS: Final[Mapping[str, Scope]] = {"users:write": "all", "roles:write": "all"}


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a user may do, which groups the user is in, and the groups whose rows scope ``team`` shows."""

    permissions: Mapping[str, Scope]
    groups: frozenset[UUID]
    teams: frozenset[UUID]


def access(
    tree: GroupTree, direct: Iterable[UUID], role_permissions: Iterable[Iterable[str]], *, barred: bool = False
) -> Access:
    """Return the access of a user who is directly in ``direct`` and holds roles with these permissions.

    ``barred`` is for somebody who must change the password first: nothing is allowed, not even the baseline.
    """
    direct = frozenset(direct)
    held = {} if barred else permissions.widest([BASELINE, *map(permissions.grants, role_permissions)])
    return Access(permissions=held, groups=tree.effective(direct), teams=tree.teams(direct))


def key_permissions(scopes: Iterable[str], owner: Mapping[str, Scope]) -> dict[str, Scope]:
    """Return what a key with ``scopes`` may do for an owner who may do ``owner`` now."""
    return permissions.intersection(key_scopes(scopes), owner)


def key_scopes(scopes: Iterable[str]) -> dict[str, Scope]:
    """Return the scopes of a key as grants. ``people:read`` without a reach means as far as the owner.

    Raise ``ValueError`` for another form.
    """
    return permissions.grants(scope if scope.count(":") > 1 else f"{scope}:all" for scope in scopes)


def beyond_owner(scopes: Iterable[str], owner: Mapping[str, Scope]) -> list[str]:
    """Return the scopes that the owner does not have, as they were written. A scope without reach needs any reach."""
    beyond = []
    for scope in scopes:
        wanted = key_scopes([scope])
        if scope.count(":") > 1:
            reachable = not permissions.missing(owner, wanted)
        else:
            reachable = bool(permissions.intersection(wanted, owner))
        if not reachable:
            beyond.append(scope)
    return beyond


def administers(role_permissions: Iterable[str]) -> bool:
    """Return whether a role with these permissions makes its holder an administrator of users and roles."""
    return not permissions.missing(permissions.grants(role_permissions), ADMINISTERS)
