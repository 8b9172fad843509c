"""Who belongs to a segment or a list at this moment, as far as the caller may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import Condition, Filters
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.company import Company
from services.contacts.domain.contact_kinds import CLASS_OF, reading
from services.contacts.domain.contact_list import ContactList, ListMember
from services.contacts.domain.member_card import MemberCard
from services.contacts.domain.person import Person
from services.contacts.domain.reach import usable
from services.contacts.domain.segment import Segment
from services.contacts.queries import segments


def _filters(model: type[Person] | type[Company]) -> Filters:
    # In the order of their ids nobody is passed over while members come and go between two pages.
    sorts: Mapping[str, Any] = {"id": model.id, "display_name": model.display_name}
    return Filters(model=model, by={}, sorts=sorts, default_sort=("id",))


MEMBER_FILTERS: Final = _filters(Person)
_FILTERS_OF: Final = {ContactKind.PERSON: MEMBER_FILTERS, ContactKind.COMPANY: _filters(Company)}


def members_of_segment(uow: UnitOfWork, segment_id: UUID, page: PageRequest) -> Page[MemberCard]:
    """Return a page of who belongs to a segment. Raises ``NotFound`` for a segment out of reach."""
    segment = uow.get(Segment, segment_id)
    return _page(uow, segment.kind, segments.condition(uow, segment.kind, segment.filter), page)


def members_of_list(uow: UnitOfWork, list_id: UUID, page: PageRequest) -> Page[MemberCard]:
    """Return a page of who belongs to a list, each once. Raises ``NotFound`` for a list out of reach."""
    found = uow.get(ContactList, list_id)
    by_hand = CLASS_OF[found.kind].id.in_(sa.select(ListMember.contact_id).where(ListMember.list_id == list_id))
    rules = [segments.condition(uow, each.kind, each.filter) for each in segments.included(uow, found.segment_ids)]
    return _page(uow, found.kind, sa.or_(by_hand, *rules), page)


def _page(uow: UnitOfWork, kind: ContactKind, belongs: Condition, page: PageRequest) -> Page[MemberCard]:
    model = CLASS_OF[kind]
    shown: list[Any] = [model.id, model.display_name, model.emails, model.phones, model.city, model.last_contact_on]
    query = sa.select(*shown, model.owner_id).where(belongs)
    wanted = uow.scoped(query, model, permission=reading(kind))

    def cards(rows: "sa.Result[Any]") -> Sequence[MemberCard]:
        return [_card(kind, row) for row in rows]

    return replace(page, filters=_FILTERS_OF[kind]).apply(wanted, uow.session, read=cards)


def _card(kind: ContactKind, row: "sa.Row[Any]") -> MemberCard:
    email, phone = usable(row.emails), usable(row.phones)
    return MemberCard(
        id=row.id,
        kind=kind,
        display_name=row.display_name,
        email=email and email.address,
        phone=phone and phone.number,
        city=row.city,
        last_contact_on=row.last_contact_on,
        owner_id=row.owner_id,
    )
