"""What came of a campaign, and what it cost: each figure by its formula, undefined where it is divided by nothing."""

from dataclasses import dataclass, field
from decimal import Decimal

from chassis.fields import Count, CurrencyCode, Id, Money
from services.sales.domain.campaign import Goal
from services.sales.domain.figure import Ratio, each, percent, ratio


@dataclass(frozen=True, kw_only=True)
class Efficacy:
    """Results over goals, in percent; null where no goal was set."""

    leads: Ratio | None
    opportunities: Ratio | None
    won: Ratio | None
    income: Ratio | None


@dataclass(frozen=True, kw_only=True)
class Results:
    """What was counted. Amounts are in the organisation's currency, wins at the rate of the day they closed."""

    members: int
    excluded: int
    reached: int
    responded: int
    leads: int
    qualified: int
    opportunities: int
    won: int
    lost: int
    income: Money
    cost: Money | None
    hours: Decimal | None
    unconverted: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CampaignFigures:
    """The figures of a campaign. Percentages have one decimal place; null means undefined.

    ``members`` may be reached, or were; those whom consents refuse are ``excluded``. ``response_rate`` is of those
    reached, not of those listed. ``roi`` is (income − cost) / cost, of opportunities whose primary source is the
    campaign. ``unconverted`` names currencies without a rate: their amounts are missing.
    """

    campaign_id: Id
    currency: CurrencyCode
    members: Count
    excluded: Count
    reached: Count
    responded: Count
    response_rate: Ratio | None
    leads: Count
    qualified: Count
    qualification_rate: Ratio | None
    opportunities: Count
    won: Count
    lost: Count
    income: Money
    cost: Money | None
    roi: Ratio | None
    cost_per_contact: Money | None
    cost_per_lead: Money | None
    cost_per_qualified: Money | None
    cost_per_win: Money | None
    hours_per_win: Ratio | None
    efficacy: Efficacy
    unconverted: list[CurrencyCode]


def roi(income: Money, cost: Money | None) -> Decimal | None:
    """Return (income − cost) / cost in percent; None where there was no cost."""
    return None if cost is None else percent((income - cost).amount, cost.amount)


def figures_of(campaign_id: Id, results: Results, goal: Goal | None, goal_income: Money | None) -> CampaignFigures:
    """Return the figures; ``goal_income`` is the goal's income in the organisation's currency."""
    goal = goal or Goal()
    cost = results.cost
    return CampaignFigures(
        campaign_id=campaign_id,
        currency=results.income.currency,
        members=results.members,
        excluded=results.excluded,
        reached=results.reached,
        responded=results.responded,
        response_rate=percent(results.responded, results.reached),
        leads=results.leads,
        qualified=results.qualified,
        qualification_rate=percent(results.qualified, results.leads),
        opportunities=results.opportunities,
        won=results.won,
        lost=results.lost,
        income=results.income,
        cost=cost,
        roi=roi(results.income, cost),
        cost_per_contact=each(cost, results.reached),
        cost_per_lead=each(cost, results.leads),
        cost_per_qualified=each(cost, results.qualified),
        cost_per_win=each(cost, results.won),
        hours_per_win=None if results.hours is None else ratio(results.hours, results.won),
        efficacy=Efficacy(
            leads=percent(results.leads, goal.leads or 0),
            opportunities=percent(results.opportunities, goal.opportunities or 0),
            won=percent(results.won, goal.won or 0),
            income=None if goal_income is None else percent(results.income.amount, goal_income.amount),
        ),
        unconverted=sorted(results.unconverted),
    )
