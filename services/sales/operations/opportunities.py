"""Entrypoints about opportunities."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.history import Change
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.sales.commands import opportunities as commands
from services.sales.domain.line import NewLine
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.stage_change import StageChange
from services.sales.queries import opportunities as queries
from services.sales.queries.opportunities import OPPORTUNITY_FILTERS
from services.sales.schemas import (
    FieldChangeSchema,
    LosingSchema,
    MoveSchema,
    NewLineSchema,
    NewOpportunitySchema,
    OpportunityChangeSchema,
    OpportunitySchema,
    StageChangeSchema,
    WinningSchema,
)


class Opportunities:
    """What may be asked of opportunities."""

    @command(loads=NewOpportunitySchema, dumps=OpportunitySchema, needs="opportunities:write")
    def create_opportunity(self, uow: UnitOfWork, data: dict[str, Any]) -> Opportunity:
        """Open an opportunity, in the first stage of the default pipeline unless others are named."""
        return commands.create_opportunity(uow, **data)

    @command(loads=NewOpportunitySchema, dumps=OpportunitySchema, bulk=True, needs="opportunities:write")
    def bulk_create_opportunities(self, uow: UnitOfWork, data: dict[str, Any]) -> Opportunity:
        """Open up to 1,000 opportunities; each has a result of its own."""
        return commands.create_opportunity(uow, **data)

    @query(dumps=OpportunitySchema, needs="opportunities:read")
    def get_opportunity(self, uow: UnitOfWork, opportunity_id: UUID) -> Opportunity:
        """Show an opportunity."""
        return uow.get(Opportunity, opportunity_id)

    @query(lists=OpportunitySchema, filters=OPPORTUNITY_FILTERS, needs="opportunities:read")
    def list_opportunities(self, uow: UnitOfWork, page: PageRequest) -> Page[Opportunity]:
        """List opportunities."""
        return queries.opportunities(uow, page)

    @query(lists=OpportunitySchema, filters=OPPORTUNITY_FILTERS, searches=True, needs="opportunities:read")
    def search_opportunities(self, uow: UnitOfWork, page: PageRequest) -> Page[Opportunity]:
        """List the opportunities that a filter tree describes."""
        return queries.opportunities(uow, page)

    @command(patches=OpportunityChangeSchema, dumps=OpportunitySchema, needs="opportunities:write")
    def update_opportunity(self, uow: UnitOfWork, opportunity_id: UUID, data: dict[str, Any]) -> Opportunity:
        """Change an opportunity; another probability than the stage's needs a reason."""
        return commands.update_opportunity(uow, opportunity_id, data)

    @command(needs="opportunities:delete")
    def delete_opportunity(self, uow: UnitOfWork, opportunity_id: UUID) -> None:
        """Put an opportunity in the bin."""
        commands.delete_opportunity(uow, opportunity_id)

    @command(dumps=OpportunitySchema, needs="opportunities:delete")
    def restore_opportunity(self, uow: UnitOfWork, opportunity_id: UUID) -> Opportunity:
        """Take an opportunity out of the bin."""
        return commands.restore_opportunity(uow, opportunity_id)

    @command(loads=MoveSchema, dumps=OpportunitySchema, needs="opportunities:write")
    def move_opportunity(self, uow: UnitOfWork, opportunity_id: UUID, data: dict[str, Any]) -> Opportunity:
        """Move an opportunity to another stage; 409 names the entry criteria that it does not meet."""
        return commands.move_opportunity(uow, opportunity_id, **data)

    @command(loads=WinningSchema, dumps=OpportunitySchema, needs="opportunities:write")
    def win_opportunity(self, uow: UnitOfWork, opportunity_id: UUID, data: dict[str, Any]) -> Opportunity:
        """Win an opportunity."""
        return commands.win_opportunity(uow, opportunity_id, **data)

    @command(loads=LosingSchema, dumps=OpportunitySchema, needs="opportunities:write")
    def lose_opportunity(self, uow: UnitOfWork, opportunity_id: UUID, data: dict[str, Any]) -> Opportunity:
        """Lose an opportunity, for a reason of the catalogue."""
        return commands.lose_opportunity(uow, opportunity_id, **data)

    @command(dumps=OpportunitySchema, needs="opportunities:write")
    def reopen_opportunity(self, uow: UnitOfWork, opportunity_id: UUID) -> Opportunity:
        """Open an opportunity again that was won or lost."""
        return commands.reopen_opportunity(uow, opportunity_id)

    @command(loads=NewLineSchema, dumps=OpportunitySchema, needs="opportunities:write")
    def add_opportunity_line(self, uow: UnitOfWork, opportunity_id: UUID, data: dict[str, Any]) -> Opportunity:
        """Add a line; the opportunity's amount is the sum of its lines."""
        return commands.add_line(uow, opportunity_id, NewLine(**data))

    @command(loads=NewLineSchema, dumps=OpportunitySchema, needs="opportunities:write")
    def replace_opportunity_line(
        self, uow: UnitOfWork, opportunity_id: UUID, line_id: UUID, data: dict[str, Any]
    ) -> Opportunity:
        """Replace a line."""
        return commands.replace_line(uow, opportunity_id, line_id, NewLine(**data))

    @command(needs="opportunities:write")
    def remove_opportunity_line(self, uow: UnitOfWork, opportunity_id: UUID, line_id: UUID) -> None:
        """Take a line away."""
        commands.remove_line(uow, opportunity_id, line_id)

    @query(dumps=StageChangeSchema, many=True, needs="opportunities:read")
    def opportunity_stages(self, uow: UnitOfWork, opportunity_id: UUID) -> Sequence[StageChange]:
        """Show the stages that an opportunity went through, and how long it stayed in each."""
        return queries.stage_history(uow, opportunity_id)

    @query(dumps=FieldChangeSchema, many=True, needs="opportunities:read")
    def opportunity_history(self, uow: UnitOfWork, opportunity_id: UUID) -> Sequence[Change]:
        """Show who changed which field of an opportunity, the latest 200 changes first."""
        return queries.field_changes(uow, opportunity_id)
