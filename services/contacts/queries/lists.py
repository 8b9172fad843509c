"""Which lists there are, and who was put on them by hand."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.contact_kinds import CLASS_OF, reading
from services.contacts.domain.contact_list import ContactList, ListMember

LIST_FILTERS = filters_for(ContactList)


def lists(uow: UnitOfWork, page: PageRequest) -> Page[ContactList]:
    """Return a page of the lists that the caller may see."""
    return page.apply(uow.scoped(sa.select(ContactList), ContactList), uow.session)


def picked(uow: UnitOfWork, list_id: UUID, contact_ids: Collection[UUID]) -> set[UUID]:
    """Return who of these contacts is on a list by hand."""
    query = sa.select(ListMember.contact_id).where(
        ListMember.list_id == list_id, ListMember.contact_id.in_(sorted(contact_ids))
    )
    return set(uow.session.scalars(query))


def pick(uow: UnitOfWork, list_id: UUID, contact_ids: Collection[UUID]) -> None:
    """Put contacts on a list that are not on it."""
    uow.session.add_all(ListMember(list_id=list_id, contact_id=contact_id) for contact_id in sorted(contact_ids))


def drop(uow: UnitOfWork, list_id: UUID, contact_id: UUID) -> bool:
    """Take a contact off a list; false where nobody had put it there."""
    gone = uow.session.execute(
        sa.delete(ListMember)
        .where(ListMember.list_id == list_id, ListMember.contact_id == contact_id)
        .returning(ListMember.contact_id)
    )
    return gone.first() is not None


def within_reach(uow: UnitOfWork, contact_list: ContactList, contact_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these contacts that are of the list's kind and that the caller may see."""
    model = CLASS_OF[contact_list.kind]
    query = sa.select(model.id).where(model.id.in_(sorted(contact_ids)))
    return set(uow.session.scalars(uow.scoped(query, model, permission=reading(contact_list.kind))))
