"""Everything a user can do to a campaign and its members, and to exchange rates."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis import aliases
from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.campaign import Campaign, CampaignMember
from services.sales.domain.exchange import ExchangeRate
from services.sales.queries import campaigns, exchange


def create_campaign(uow: UnitOfWork, **attributes: Any) -> Campaign:
    """Plan a campaign. Raises ``CampaignEndsBeforeItStarts``."""
    campaign = Campaign(**attributes)
    campaign.check()
    return uow.add(campaign)


def update_campaign(uow: UnitOfWork, campaign_id: UUID, changes: Mapping[str, Any]) -> Campaign:
    """Change a campaign. Raises ``VersionConflict``, ``CampaignEndsBeforeItStarts``."""
    campaign = uow.change(Campaign, campaign_id)
    campaign.change(changes)
    return campaign


def delete_campaign(uow: UnitOfWork, campaign_id: UUID) -> None:
    """Put a campaign in the bin; what came of it stays."""
    uow.remove(uow.change(Campaign, campaign_id))


def activate_campaign(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    """Begin a campaign. Raises ``CampaignIsNotPlanned``."""
    campaign = uow.change(Campaign, campaign_id)
    campaign.activate(utc_now())
    return campaign


def close_campaign(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    """End a campaign. Raises ``CampaignIsNotActive``."""
    campaign = uow.change(Campaign, campaign_id)
    campaign.close(utc_now())
    return campaign


def add_members(uow: UnitOfWork, campaign_id: UUID, person_ids: Sequence[UUID]) -> dict[str, int]:
    """Have people be members of a campaign; who is one already stays as they are. Raises ``CampaignIsClosed``."""
    campaign = uow.get(Campaign, campaign_id, lock=True)
    campaign.demand_not_closed()
    renamed = aliases.canonical_of(uow.session, uow.metadata, person_ids)
    wanted = {renamed.get(person_id, person_id) for person_id in person_ids}
    new = wanted - campaigns.already_members(uow, campaign_id, wanted)
    for person_id in sorted(new):
        uow.add(CampaignMember(campaign_id=campaign_id, person_id=person_id))
    return {"added": len(new), "already_members": len(wanted) - len(new)}


def remove_member(uow: UnitOfWork, campaign_id: UUID, person_id: UUID) -> None:
    """Take somebody out of a campaign. Raises ``NotFound``, ``CampaignIsClosed``."""
    member = campaigns.member(uow, campaign_id, person_id)
    uow.get(Campaign, campaign_id).demand_not_closed()
    uow.remove(member)


def reach_member(uow: UnitOfWork, campaign_id: UUID, person_id: UUID) -> CampaignMember:
    """Note that a campaign reached a member. Raises ``NotFound``."""
    member = campaigns.member(uow, campaign_id, person_id)
    member.reach(utc_now())
    return member


def member_responded(
    uow: UnitOfWork, campaign_id: UUID, person_id: UUID, *, response: str | None = None
) -> CampaignMember:
    """Note that a member responded. Raises ``NotFound``."""
    member = campaigns.member(uow, campaign_id, person_id)
    member.respond(utc_now(), response)
    return member


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
