"""Entrypoints about campaigns, their members and figures, and exchange rates."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.sales.commands import campaign_members as members
from services.sales.commands import campaigns as commands
from services.sales.domain.campaign import Campaign, CampaignMember
from services.sales.domain.campaign_figures import CampaignFigures
from services.sales.domain.exchange import ExchangeRate
from services.sales.domain.member_source import MemberSource
from services.sales.queries import campaigns as queries
from services.sales.queries import exchange
from services.sales.queries.campaigns import CAMPAIGN_FILTERS, MEMBER_FILTERS
from services.sales.queries.exchange import RATE_FILTERS
from services.sales.schemas import (
    AddedMembersSchema,
    CampaignFiguresSchema,
    CampaignMemberSchema,
    CampaignSchema,
    ExchangeRateSchema,
    NewMembersSchema,
    ResponseSchema,
)


class Campaigns:
    """What may be asked of campaigns."""

    @command(loads=CampaignSchema, dumps=CampaignSchema, needs="campaigns:write")
    def create_campaign(self, uow: UnitOfWork, data: dict[str, Any]) -> Campaign:
        """Plan a campaign."""
        return commands.create_campaign(uow, **data)

    @query(dumps=CampaignSchema, needs="campaigns:read")
    def get_campaign(self, uow: UnitOfWork, campaign_id: UUID) -> Campaign:
        """Show a campaign."""
        return uow.get(Campaign, campaign_id)

    @query(lists=CampaignSchema, filters=CAMPAIGN_FILTERS, needs="campaigns:read")
    def list_campaigns(self, uow: UnitOfWork, page: PageRequest) -> Page[Campaign]:
        """List campaigns."""
        return queries.campaigns(uow, page)

    @command(patches=CampaignSchema, dumps=CampaignSchema, needs="campaigns:write")
    def update_campaign(self, uow: UnitOfWork, campaign_id: UUID, data: dict[str, Any]) -> Campaign:
        """Change a campaign; what it cost may become known late."""
        return commands.update_campaign(uow, campaign_id, data)

    @command(needs="campaigns:delete")
    def delete_campaign(self, uow: UnitOfWork, campaign_id: UUID) -> None:
        """Put a campaign in the bin."""
        commands.delete_campaign(uow, campaign_id)

    @command(dumps=CampaignSchema, needs="campaigns:delete")
    def restore_campaign(self, uow: UnitOfWork, campaign_id: UUID) -> Campaign:
        """Take a campaign out of the bin."""
        return commands.restore_campaign(uow, campaign_id)

    @command(dumps=CampaignSchema, needs="campaigns:write")
    def activate_campaign(self, uow: UnitOfWork, campaign_id: UUID) -> Campaign:
        """Begin a campaign."""
        return commands.activate_campaign(uow, campaign_id)

    @command(dumps=CampaignSchema, needs="campaigns:write")
    def close_campaign(self, uow: UnitOfWork, campaign_id: UUID) -> Campaign:
        """End a campaign."""
        return commands.close_campaign(uow, campaign_id)

    @command(loads=NewMembersSchema, dumps=AddedMembersSchema, needs="campaigns:write", prepares=members.find_source)
    def add_campaign_members(
        self, uow: UnitOfWork, campaign_id: UUID, data: dict[str, Any], prepared: MemberSource | None
    ) -> dict[str, Any]:
        """Have people be members of a campaign: up to 1,000, or in the background those of a segment or list."""
        return members.add_members(uow, campaign_id, prepared, data.get("person_ids", ()))

    @query(lists=CampaignMemberSchema, filters=MEMBER_FILTERS, needs="campaigns:read")
    def list_campaign_members(self, uow: UnitOfWork, campaign_id: UUID, page: PageRequest) -> Page[CampaignMember]:
        """List the members of a campaign."""
        return queries.members(uow, campaign_id, page)

    @command(needs="campaigns:write")
    def remove_campaign_member(self, uow: UnitOfWork, campaign_id: UUID, person_id: UUID) -> None:
        """Take somebody out of a campaign."""
        members.remove_member(uow, campaign_id, person_id)

    @command(dumps=CampaignMemberSchema, needs="campaigns:write")
    def reach_campaign_member(self, uow: UnitOfWork, campaign_id: UUID, person_id: UUID) -> CampaignMember:
        """Note that a campaign reached a member."""
        return members.reach_member(uow, campaign_id, person_id)

    @command(loads=ResponseSchema, dumps=CampaignMemberSchema, needs="campaigns:write")
    def campaign_member_responded(
        self, uow: UnitOfWork, campaign_id: UUID, person_id: UUID, data: dict[str, Any]
    ) -> CampaignMember:
        """Note that a member responded."""
        return members.member_responded(uow, campaign_id, person_id, **data)

    @query(dumps=CampaignFiguresSchema, needs="campaigns:read")
    def campaign_figures(self, uow: UnitOfWork, campaign_id: UUID) -> CampaignFigures:
        """Show what came of a campaign, and what it cost."""
        return queries.figures(uow, campaign_id)

    @command(loads=ExchangeRateSchema, dumps=ExchangeRateSchema, needs="exchange-rates:write")
    def create_exchange_rate(self, uow: UnitOfWork, data: dict[str, Any]) -> ExchangeRate:
        """Say what a currency is worth in the organisation's own, from a day on."""
        return commands.create_rate(uow, **data)

    @query(dumps=ExchangeRateSchema, needs="exchange-rates:read")
    def get_exchange_rate(self, uow: UnitOfWork, rate_id: UUID) -> ExchangeRate:
        """Show an exchange rate."""
        return uow.get(ExchangeRate, rate_id)

    @query(lists=ExchangeRateSchema, filters=RATE_FILTERS, needs="exchange-rates:read")
    def list_exchange_rates(self, uow: UnitOfWork, page: PageRequest) -> Page[ExchangeRate]:
        """List exchange rates, the latest first."""
        return exchange.rates_page(uow, page)

    @command(patches=ExchangeRateSchema, dumps=ExchangeRateSchema, needs="exchange-rates:write")
    def update_exchange_rate(self, uow: UnitOfWork, rate_id: UUID, data: dict[str, Any]) -> ExchangeRate:
        """Correct an exchange rate."""
        return commands.update_rate(uow, rate_id, data)

    @command(needs="exchange-rates:write")
    def delete_exchange_rate(self, uow: UnitOfWork, rate_id: UUID) -> None:
        """Delete an exchange rate."""
        commands.delete_rate(uow, rate_id)
