"""Entrypoints for the page of one customer, person or company alike."""

from collections.abc import Sequence
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import ANYONE, query
from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.interaction import Interaction
from services.contacts.domain.interest import ContactInterest
from services.contacts.domain.relation_view import RelationView
from services.contacts.domain.timeline_entry import TimelineEntry
from services.contacts.queries import customers
from services.contacts.queries.timeline import TIMELINE_FILTERS
from services.contacts.schemas import (
    ContactInterestSchema,
    InteractionSchema,
    RelationViewSchema,
    TimelineEntrySchema,
)


class Customers:
    """The blocks of the customer page; the right to read the contact is asked for once its kind is known."""

    @query(lists=TimelineEntrySchema, filters=TIMELINE_FILTERS, needs=ANYONE)
    def customer_timeline(self, uow: UnitOfWork, customer_id: UUID, page: PageRequest) -> Page[TimelineEntry]:
        """Show what happened with a customer, in all services, the latest first."""
        return customers.customer_timeline(uow, customer_id, page)

    @query(dumps=RelationViewSchema, many=True, needs="relations:read")
    def customer_relations(self, uow: UnitOfWork, customer_id: UUID) -> Sequence[RelationView]:
        """Show how a customer belongs together with others at present."""
        return customers.customer_relations(uow, customer_id)

    @query(dumps=ContactInterestSchema, many=True, needs="interests:read")
    def customer_interests(self, uow: UnitOfWork, customer_id: UUID) -> Sequence[ContactInterest]:
        """Show what a customer is interested in."""
        return customers.customer_interests(uow, customer_id)

    @query(needs=ANYONE)
    def customer_holdings(self, uow: UnitOfWork, customer_id: UUID) -> dict[str, int]:
        """Count the records that name a customer, by resource."""
        return customers.customer_holdings(uow, customer_id)

    @query(dumps=InteractionSchema, many=True, needs="interactions:read")
    def customer_interactions(self, uow: UnitOfWork, customer_id: UUID) -> Sequence[Interaction]:
        """Show the latest ten interactions with a customer."""
        return customers.customer_interactions(uow, customer_id)
