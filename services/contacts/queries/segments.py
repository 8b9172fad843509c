"""Which segments there are, and the rule of each as a condition."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.db import filter_tree
from chassis.db.filters import Condition, filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_list import ContactList
from services.contacts.domain.segment import Segment
from services.contacts.queries.contact_filters import FILTERS_OF
from services.contacts.queries.json_lists import holds

SEGMENT_FILTERS = filters_for(Segment)


def segments(uow: UnitOfWork, page: PageRequest) -> Page[Segment]:
    """Return a page of the segments that the caller may see."""
    return page.apply(uow.scoped(sa.select(Segment), Segment), uow.session)


def condition(uow: UnitOfWork, kind: ContactKind, tree: Mapping[str, Any] | None) -> Condition:
    """Return what a filter tree says. Raises ``ValidationFailed`` pointing at what is wrong in it."""
    return filter_tree.condition(FILTERS_OF[kind], tree, locale=uow.call.locale)


def of_kind(uow: UnitOfWork, ids: Sequence[UUID], kind: ContactKind) -> set[UUID]:
    """Return those of these segments that hold contacts of a kind and that the caller may see."""
    query = sa.select(Segment.id).where(Segment.id.in_(ids), Segment.kind == kind)
    return set(uow.session.scalars(uow.scoped(query, Segment, permission="segments:read")))


def included(uow: UnitOfWork, ids: Sequence[UUID]) -> Sequence[Segment]:
    """Return the segments that a list includes, whoever may see them: the list says who belongs to it."""
    return uow.session.scalars(sa.select(Segment).where(Segment.id.in_(ids)).order_by(Segment.id)).all()


def lists_with(uow: UnitOfWork, segment_id: UUID) -> int:
    """Count the lists that include a segment."""
    query = sa.select(sa.func.count()).select_from(ContactList)
    return uow.session.scalar(query.where(holds(ContactList.segment_ids, str(segment_id)))) or 0
