"""What contacts are called."""

from collections.abc import Iterable
from typing import Any, Final, cast
from uuid import UUID

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_kinds import CLASS_OF, reading

# By which other id a contact that is shown is kept: by none, unless it was asked for by an old one.
NO_OTHER: Final[Any] = sa.cast(sa.null(), sa.Uuid())


def names_of(uow: UnitOfWork, kind: ContactKind, ids: Iterable[UUID], *, hidden: bool = False) -> dict[UUID, str]:
    """Return the names of those contacts among ``ids`` whom the caller may see, or with ``hidden`` of all."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    model = CLASS_OF[kind]
    query = cast("sa.Select[Any]", sa.select(model.id, model.display_name).where(model.id.in_(wanted)))
    if not hidden:
        query = uow.scoped(query, model, permission=reading(kind))
    return {row.id: row.display_name for row in uow.session.execute(query)}
