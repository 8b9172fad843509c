"""What is done with roles."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from chassis.i18n import choose
from chassis.unit_of_work import UnitOfWork
from services.administration.commands import authority, log
from services.administration.domain import permissions as sets
from services.administration.domain.role import Role
from services.administration.domain.seeded_roles import SEEDS
from services.administration.errors import RoleInUse, UnknownPermission
from services.administration.queries import catalogue
from services.administration.queries import roles as role_queries

_LOGGED: Final = ("name", "description", "permissions")
_WRONG: Final = {
    "en": "There is no such permission; the form is resource:action:own|team|all.",
    "es": "No existe ese permiso; la forma es recurso:acción:own|team|all.",
}


def create_role(uow: UnitOfWork, *, permissions: Sequence[str] = (), **data: Any) -> Role:
    """Make a role. Raise ``UnknownPermission``, or ``CannotGrantMore`` for permissions beyond the caller."""
    role = Role(**data)
    _allow(uow, role, permissions)
    uow.add(role)
    role.tell()
    log.note(uow, "roles.created", record_id=role.id, label=role.name, after=log.plain(role, *_LOGGED))
    return role


def update_role(uow: UnitOfWork, role_id: UUID, *, permissions: list[str] | None = None, **changes: Any) -> Role:
    """Change a role; its holders may do more or less at once.

    Raises ``UnknownPermission``, ``CannotGrantMore`` or ``LastAdministrator``.
    """
    role = uow.change(Role, role_id)
    before = log.plain(role, *_LOGGED)
    role.apply(changes)
    if permissions is not None:
        _allow(uow, role, permissions)
    after = log.plain(role, *_LOGGED)
    if before != after:
        role.tell()
        log.note(uow, "roles.changed", record_id=role.id, label=role.name, before=before, after=after)
        authority.keep_administrator(uow)
    return role


def delete_role(uow: UnitOfWork, role_id: UUID) -> None:
    """Remove a role that nobody holds. Raise ``RoleInUse`` while somebody does."""
    role = uow.change(Role, role_id)
    if role_queries.is_granted(uow.session, role.id):
        raise RoleInUse
    before = log.plain(role, *_LOGGED)
    role.tell(removed=True)
    uow.flush()
    uow.remove(role)
    log.note(uow, "roles.removed", record_id=role.id, label=role.name, before=before)


def seed_roles(uow: UnitOfWork) -> None:
    """Make the product's roles, or add what an upgrade brought; what was taken away here stays away."""
    present = {role.name: role for role in role_queries.seeded(uow.session)}
    for seed in SEEDS:
        offered = [text for text in seed.permissions if catalogue.exists(sets.parse(text)[0])]
        role = present.get(seed.name)
        if role is None:
            role = uow.add(Role(name=seed.name, description=f"{seed.es}\n{seed.en}", seeded=True))
        if role.seed(offered):
            role.tell()


def _allow(uow: UnitOfWork, role: Role, permissions: Sequence[str]) -> None:
    _demand_known(uow, permissions, known=set(role.permissions))
    new = [text for text in permissions if text not in role.permissions]
    authority.demand(uow, sets.grants(new))
    role.allow(permissions)


def _demand_known(uow: UnitOfWork, permissions: Sequence[str], known: Iterable[str]) -> None:
    detail = choose(_WRONG, uow.call.locale)
    errors = [
        {"pointer": f"/permissions/{place}", "detail": detail}
        for place, text in enumerate(permissions)
        if text not in known and not _exists(text)
    ]
    if errors:
        raise UnknownPermission(errors=errors)


def _exists(text: str) -> bool:
    try:
        name, _ = sets.parse(text)
    except ValueError:
        return False
    return catalogue.exists(name)
