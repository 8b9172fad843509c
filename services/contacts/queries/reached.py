"""Who is reached by an address."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from chassis.db.alias_tables import canonical
from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.company import Company
from services.contacts.domain.mailbox import normal_address
from services.contacts.domain.match_key import MatchKey
from services.contacts.domain.person import Person


def by_email(uow: UnitOfWork, address: str, named: Iterable[UUID | None]) -> list[Person | Company]:
    """Return the people on file with an address, and of the contacts ``named`` those that have it too."""
    keyed = sa.select(MatchKey.contact_id).where(MatchKey.key == f"p:email:{normal_address(address)}")
    ids = set(uow.session.scalars(keyed))
    found: list[Person | Company] = []
    for model in (Person, Company):
        these = sa.or_(model.id.in_(ids), *(model.id == canonical(each) for each in named if each))
        query = sa.select(model).where(these, model.deleted_at.is_(None)).order_by(model.id)
        found += uow.session.scalars(query)
    return [each for each in found if any(one.address.casefold() == address.casefold() for one in each.emails)]
