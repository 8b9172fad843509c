"""Everything a user can do to a campaign, and to exchange rates."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from services.sales.commands import campaign_members
from services.sales.domain.campaign import Campaign
from services.sales.domain.exchange import ExchangeRate
from services.sales.queries import exchange


def create_campaign(uow: UnitOfWork, **attributes: Any) -> Campaign:
    """Plan a campaign. Raises ``CampaignEndsBeforeItStarts``."""
    campaign = Campaign(**attributes)
    campaign.check()
    return uow.add(campaign)


def update_campaign(uow: UnitOfWork, campaign_id: UUID, changes: Mapping[str, Any]) -> Campaign:
    """Change a campaign. Raises ``VersionConflict``, ``CampaignEndsBeforeItStarts``."""
    campaign = uow.change(Campaign, campaign_id)
    channel = campaign.channel
    campaign.change(changes)
    if campaign.channel is not channel:
        campaign_members.start_check(uow, campaign)
    return campaign


def delete_campaign(uow: UnitOfWork, campaign_id: UUID) -> None:
    """Put a campaign in the bin; what came of it stays."""
    uow.remove(uow.change(Campaign, campaign_id))


def restore_campaign(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    """Take a campaign out of the bin."""
    campaign = uow.change(Campaign, campaign_id, deleted=True)
    campaign.restore()
    return campaign


def activate_campaign(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    """Begin a campaign. Raises ``CampaignIsNotPlanned``."""
    campaign = uow.change(Campaign, campaign_id)
    campaign.activate(utc_now())
    if campaign.channel:
        campaign_members.start_check(uow, campaign)
    return campaign


def close_campaign(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    """End a campaign. Raises ``CampaignIsNotActive``."""
    campaign = uow.change(Campaign, campaign_id)
    campaign.close(utc_now())
    return campaign


def create_rate(uow: UnitOfWork, **attributes: Any) -> ExchangeRate:
    """Add an exchange rate into the organisation's currency. Raises ``RateIsWrong``, ``RateIsKnown``."""
    rate = ExchangeRate(**attributes, base=exchange.base_currency(uow))
    rate.check()
    exchange.check_is_new(uow, rate.currency, rate.base, rate.on)
    return uow.add(rate)


def update_rate(uow: UnitOfWork, rate_id: UUID, changes: Mapping[str, Any]) -> ExchangeRate:
    """Correct a rate; figures follow. Raises ``VersionConflict``, ``RateIsWrong``."""
    rate = uow.change(ExchangeRate, rate_id)
    rate.apply(changes)
    rate.check()
    return rate


def delete_rate(uow: UnitOfWork, rate_id: UUID) -> None:
    """Delete a rate; figures follow."""
    uow.remove(uow.change(ExchangeRate, rate_id))
