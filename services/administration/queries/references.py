"""Records that a request refers to: found all, or refused naming the ones that are missing."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from chassis.i18n import choose
from chassis.unit_of_work import UnitOfWork
from services.administration.domain.group import Group
from services.administration.domain.role import Role
from services.administration.errors import UnknownReference

A = TypeVar("A", Group, Role)

_UNKNOWN = {"en": "There is no record with this id.", "es": "No hay ningún registro con este identificador."}


def groups(uow: UnitOfWork, ids: Sequence[UUID], field: str = "group_ids") -> list[Group]:
    """Return these groups. Raise ``UnknownReference`` naming the missing ones as ``/group_ids/<n>``."""
    return _all(uow, Group, ids, field)


def roles(uow: UnitOfWork, ids: Sequence[UUID], field: str = "role_ids") -> list[Role]:
    """Return these roles. Raise ``UnknownReference`` naming the missing ones as ``/role_ids/<n>``."""
    return _all(uow, Role, ids, field)


def _all(uow: UnitOfWork, model: type[A], ids: Sequence[UUID], field: str) -> list[A]:
    wanted = list(dict.fromkeys(ids))
    found = {record.id: record for record in uow.session.scalars(sa.select(model).where(model.id.in_(wanted)))}
    detail = choose(_UNKNOWN, uow.call.locale)
    errors = [{"pointer": f"/{field}/{place}", "detail": detail} for place, id_ in enumerate(ids) if id_ not in found]
    if errors:
        raise UnknownReference(errors=errors)
    return [found[id_] for id_ in wanted]
