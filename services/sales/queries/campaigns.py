"""Questions about campaigns, their members and what came of them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.errors import NotFound
from chassis.money import Money
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.campaign import Campaign, CampaignMember, CampaignState, MemberState
from services.sales.domain.campaign_figures import CampaignFigures, Results, figures_of
from services.sales.domain.exchange import Sum
from services.sales.domain.lead import Lead
from services.sales.domain.lead_state import LeadState
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.opportunity_state import OpportunityState
from services.sales.queries import exchange

CAMPAIGN_FILTERS = filters_for(Campaign)
MEMBER_FILTERS = filters_for(CampaignMember, exclude=("campaign_id",))
_NOT_REACHED = CampaignMember.state.in_((MemberState.LISTED, MemberState.EXCLUDED))


def campaigns(uow: UnitOfWork, page: PageRequest) -> Page[Campaign]:
    """Return a page of campaigns."""
    return page.apply(uow.scoped(sa.select(Campaign), Campaign), uow.session)


def members(uow: UnitOfWork, campaign_id: UUID, page: PageRequest) -> Page[CampaignMember]:
    """Return a page of a campaign's members. Raises ``NotFound`` for a campaign out of reach."""
    campaign = uow.get(Campaign, campaign_id)
    return page.apply(sa.select(CampaignMember).where(CampaignMember.campaign_id == campaign.id), uow.session)


def member(uow: UnitOfWork, campaign_id: UUID, person_id: UUID) -> CampaignMember:
    """Return a member of a campaign that the caller may see. Raises ``NotFound``."""
    campaign = uow.get(Campaign, campaign_id)
    found = uow.session.scalars(
        sa.select(CampaignMember).where(
            CampaignMember.campaign_id == campaign.id, CampaignMember.person_id == person_id
        )
    ).one_or_none()
    if found is None:
        raise NotFound(resource="campaign-members", id=str(person_id))
    return found


def already_members(uow: UnitOfWork, campaign_id: UUID, person_ids: Collection[UUID]) -> set[UUID]:
    """Return who of these people is a member already."""
    query = sa.select(CampaignMember.person_id).where(
        CampaignMember.campaign_id == campaign_id, CampaignMember.person_id.in_(sorted(person_ids))
    )
    return set(uow.session.scalars(query))


def unreached(
    uow: UnitOfWork, campaign_id: UUID, person_ids: Collection[UUID] | None, after: UUID | None, most: int
) -> list[UUID]:
    """Return the next people, behind ``after``, whom a campaign did not reach yet; of ``person_ids`` where given."""
    query = sa.select(CampaignMember.person_id).where(CampaignMember.campaign_id == campaign_id, _NOT_REACHED)
    if person_ids is not None:
        query = query.where(CampaignMember.person_id.in_(sorted(person_ids)))
    if after is not None:
        query = query.where(CampaignMember.person_id > after)
    return list(uow.session.scalars(query.order_by(CampaignMember.person_id).limit(most)))


def members_to_mind(uow: UnitOfWork, campaign_id: UUID, person_ids: Collection[UUID]) -> Sequence[CampaignMember]:
    """Return these members of a campaign, to be changed by nobody else meanwhile."""
    query = sa.select(CampaignMember).where(
        CampaignMember.campaign_id == campaign_id, CampaignMember.person_id.in_(sorted(person_ids))
    )
    return uow.session.scalars(query.order_by(CampaignMember.id).with_for_update()).all()


def waiting_for(uow: UnitOfWork, person_id: UUID) -> Sequence[Campaign]:
    """Return the campaigns that are not over and have somebody as a member whom they did not reach yet."""
    query = sa.select(Campaign).join(CampaignMember, CampaignMember.campaign_id == Campaign.id)
    return uow.session.scalars(
        query.where(
            CampaignMember.person_id == person_id,
            _NOT_REACHED,
            Campaign.state != CampaignState.CLOSED,
            Campaign.deleted_at.is_(None),
        ).order_by(Campaign.id)
    ).all()


def figures(uow: UnitOfWork, campaign_id: UUID) -> CampaignFigures:
    """Return what came of a campaign. Counts everybody's leads and sales. Raises ``NotFound`` out of reach."""
    campaign = uow.get(Campaign, campaign_id)
    by_state = _counted(uow, CampaignMember.state, CampaignMember.campaign_id == campaign_id)
    mine = sa.and_(Lead.campaign_id == campaign_id, Lead.deleted_at.is_(None))
    leads = _counted(uow, Lead.state, mine)
    ours = sa.and_(Opportunity.campaign_id == campaign_id, Opportunity.deleted_at.is_(None))
    deals = _counted(uow, Opportunity.state, ours)
    wins = _wins(uow, campaign_id)
    goal_income = campaign.goal.income if campaign.goal else None
    amounts = [*(amount for amount, _ in wins), campaign.actual_cost, goal_income]
    rates = exchange.rates(uow, {amount.currency for amount in amounts if amount})
    income, cost, wanted = Sum(rates), Sum(rates), Sum(rates)
    for amount, day in wins:
        income.add(amount, day)
    # What a campaign cost is converted when it is over.
    spent_on = (campaign.closed_at or utc_now()).date()
    results = Results(
        members=sum(by_state.values()) - by_state.get(MemberState.EXCLUDED, 0),
        excluded=by_state.get(MemberState.EXCLUDED, 0),
        reached=by_state.get(MemberState.REACHED, 0) + by_state.get(MemberState.RESPONDED, 0),
        responded=by_state.get(MemberState.RESPONDED, 0),
        leads=sum(leads.values()),
        qualified=leads.get(LeadState.QUALIFIED, 0),
        opportunities=sum(deals.values()),
        won=deals.get(OpportunityState.WON, 0),
        lost=deals.get(OpportunityState.LOST, 0),
        income=income.total,
        cost=cost.add(campaign.actual_cost, spent_on),
        hours=campaign.hours,
        unconverted=sorted(income.unconverted | cost.unconverted),
    )
    return figures_of(campaign.id, results, campaign.goal, wanted.add(goal_income, spent_on))


def _counted(uow: UnitOfWork, state: Any, condition: "sa.ColumnElement[bool]") -> dict[Any, int]:
    rows = uow.session.execute(sa.select(state, sa.func.count()).where(condition).group_by(state))
    return {row[0]: row[1] for row in rows}


def _wins(uow: UnitOfWork, campaign_id: UUID) -> Sequence[tuple[Money, date]]:
    columns = Opportunity.__table__.c
    rows = uow.session.execute(
        sa.select(columns.amount_amount, columns.amount_currency, columns.closed_on).where(
            columns.campaign_id == campaign_id,
            columns.state == OpportunityState.WON,
            columns.deleted_at.is_(None),
            columns.amount_amount.is_not(None),
        )
    )
    return [(Money(row[0], row[1]), row[2]) for row in rows]
