"""What is known of somebody whose lead is about to become an opportunity."""

from collections.abc import Collection, Iterable
from uuid import UUID

import sqlalchemy as sa

from chassis.db.prepared import Prepared
from chassis.db.several import Several, among
from chassis.ids import parse_id
from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.interaction import Interaction
from services.contacts.domain.interest import CatalogueEntry, ContactInterest, Interest

_NAMED = sa.or_(
    among(Interest.id, sa.bindparam("ids", type_=Several())),
    among(Interest.slug, sa.bindparam("slugs", type_=Several(sa.Text))),
)
_CATALOGUED = Prepared(sa.select(Interest.id, Interest.name).where(_NAMED, Interest.active.is_(True)))


def catalogued(uow: UnitOfWork, names: Iterable[str]) -> list[CatalogueEntry]:
    """Return those interests, named by id or slug, that the catalogue offers, in the order of their names."""
    ids = {name: parse_id(name) for name in names}
    if not ids:
        return []
    slugs = [name for name, id_ in ids.items() if id_ is None]
    rows = _CATALOGUED.rows(uow.session, {"ids": [id_ for id_ in ids.values() if id_], "slugs": slugs})
    return sorted((CatalogueEntry(*row) for row in rows), key=lambda entry: entry.name)


def interests_held(uow: UnitOfWork, contact_id: UUID | None) -> Collection[UUID]:
    """Return the interests that a contact has."""
    if contact_id is None:
        return ()
    held = sa.select(ContactInterest.interest_id).where(ContactInterest.contact_id == contact_id)
    return set(uow.session.scalars(held))


def was_in_touch(uow: UnitOfWork, person_id: UUID) -> bool:
    """Whether the person themself ever took part in an interaction, whoever may read it."""
    real = sa.exists().where(Interaction.person_id == person_id, Interaction.real.is_(True))
    return bool(uow.session.scalar(sa.select(real)))
