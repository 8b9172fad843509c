"""Entrypoints about interactions, by whatever channel."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.contacts.commands import interactions as commands
from services.contacts.domain.interaction import Interaction
from services.contacts.queries import interactions as queries
from services.contacts.queries.interactions import INTERACTION_FILTERS
from services.contacts.schemas import InteractionCorrectionSchema, InteractionSchema, NewInteractionSchema


class Interactions:
    """What may be asked of interactions."""

    @command(loads=NewInteractionSchema, dumps=InteractionSchema, needs="interactions:write")
    def create_interaction(self, uow: UnitOfWork, data: dict[str, Any]) -> Interaction:
        """Record that we and a contact were in touch."""
        return commands.record_interaction(uow, **data)

    @command(loads=NewInteractionSchema, dumps=InteractionSchema, bulk=True, needs="interactions:write")
    def bulk_create_interactions(self, uow: UnitOfWork, data: dict[str, Any]) -> Interaction:
        """Record up to 1,000 interactions; each has a result of its own."""
        return commands.record_interaction(uow, **data)

    @query(dumps=InteractionSchema, needs="interactions:read")
    def get_interaction(self, uow: UnitOfWork, interaction_id: UUID) -> Interaction:
        """Show an interaction."""
        return queries.interaction(uow, interaction_id)

    @query(lists=InteractionSchema, filters=INTERACTION_FILTERS, needs="interactions:read")
    def list_interactions(self, uow: UnitOfWork, page: PageRequest) -> Page[Interaction]:
        """List interactions, the latest first."""
        return queries.interactions(uow, page)

    @query(lists=InteractionSchema, filters=INTERACTION_FILTERS, searches=True, needs="interactions:read")
    def search_interactions(self, uow: UnitOfWork, page: PageRequest) -> Page[Interaction]:
        """List the interactions that a filter tree describes."""
        return queries.interactions(uow, page)

    @command(patches=InteractionCorrectionSchema, dumps=InteractionSchema, needs="interactions:write")
    def update_interaction(self, uow: UnitOfWork, interaction_id: UUID, data: dict[str, Any]) -> Interaction:
        """Correct an interaction's summary; what happened stays."""
        return commands.correct_interaction(uow, interaction_id, data)
