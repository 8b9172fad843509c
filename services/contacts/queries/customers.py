"""What contacts has to say on the page of one customer, person or company alike."""

from collections.abc import Sequence
from uuid import UUID

from chassis import following
from chassis.db.paging import Page, PageRequest
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_kinds import CLASS_OF, reading
from services.contacts.domain.interaction import Interaction
from services.contacts.domain.interest import ContactInterest
from services.contacts.domain.relation_view import RelationView
from services.contacts.domain.timeline_entry import TimelineEntry
from services.contacts.queries import interactions, interests, relations, timeline

LATEST = 10


def kind_of_customer(uow: UnitOfWork, contact_id: UUID) -> ContactKind:
    """Return what the customer is. Raises ``NotFound`` unless there is one that the caller may see."""
    kind = relations.kind_of(uow, contact_id)
    if kind is None or not uow.may(reading(kind)):
        raise NotFound(resource="customers", id=str(contact_id))
    uow.get(CLASS_OF[kind], contact_id, permission=reading(kind))
    return kind


def customer_timeline(uow: UnitOfWork, contact_id: UUID, page: PageRequest) -> Page[TimelineEntry]:
    """Return a page of what happened with a customer, the latest first."""
    return timeline.timeline(uow, kind_of_customer(uow, contact_id), contact_id, page)


def customer_relations(uow: UnitOfWork, contact_id: UUID) -> Sequence[RelationView]:
    """Return the relations of a customer that last."""
    return relations.relations_of(uow, kind_of_customer(uow, contact_id), contact_id, ended=False)


def customer_interests(uow: UnitOfWork, contact_id: UUID) -> Sequence[ContactInterest]:
    """Return what a customer is interested in, the strongest first."""
    return interests.interests_of(uow, kind_of_customer(uow, contact_id), contact_id)


def customer_holdings(uow: UnitOfWork, contact_id: UUID) -> dict[str, int]:
    """Return how many records name a customer, by resource."""
    kind_of_customer(uow, contact_id)
    return following.holdings(uow, contact_id)


def customer_interactions(uow: UnitOfWork, contact_id: UUID) -> Sequence[Interaction]:
    """Return the latest interactions with a customer."""
    kind_of_customer(uow, contact_id)
    return interactions.latest_with(uow, contact_id, LATEST)
