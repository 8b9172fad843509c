"""Whether a name is taken in a catalogue."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.cases.errors import NameIsTaken, UnknownReference


def check_free(uow: UnitOfWork, model: Any, name: str, *, besides: UUID | None = None, by: str = "name") -> None:
    """Raise ``NameIsTaken`` where another entry of the catalogue has that name."""
    taken = sa.exists().where(getattr(model, by) == name)
    if besides is not None:
        taken = taken.where(model.id != besides)
    if uow.session.scalar(sa.select(taken)):
        raise NameIsTaken(name=name)


def check_exists(uow: UnitOfWork, model: Any, id_: UUID | None, field: str) -> None:
    """Raise ``UnknownReference`` naming ``field`` unless the id, where there is one, names a record."""
    if id_ is not None and not uow.session.scalar(sa.select(sa.exists().where(model.id == id_))):
        raise UnknownReference(field)
