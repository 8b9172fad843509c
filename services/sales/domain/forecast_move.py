"""What happened to an opportunity between two forecasts, step by step: the steps add up to the whole difference."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from chassis.money import Money
from services.sales.domain.exchange import Rates
from services.sales.domain.forecast import weighted
from services.sales.domain.opportunity_state import ForecastCategory, OpportunityState


class Cause(StrEnum):
    """Why an opportunity counts otherwise than before."""

    NEW = "new"
    RESTORED = "restored"
    REOPENED = "reopened"
    PULLED_IN = "pulled_in"
    AMOUNT_UP = "amount_up"
    AMOUNT_DOWN = "amount_down"
    RATE = "rate"
    CATEGORY = "category"
    PROBABILITY = "probability"
    REASSIGNED = "reassigned"
    PUSHED_OUT = "pushed_out"
    REMOVED = "removed"
    LOST = "lost"
    WON = "won"


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The days that count, both included; null means without end."""

    from_on: date | None = None
    to_on: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.from_on is None or day >= self.from_on) and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """An opportunity as one forecast sees it.

    Open amounts are converted at the rate of ``today``, the forecast's own day, others at that of their ``day``.
    What is not ``reached`` is there, but not for who asks; then nothing else of it is known.
    """

    state: OpportunityState = OpportunityState.OPEN
    category: ForecastCategory = ForecastCategory.OMITTED
    amount: Money | None = None
    probability: Decimal = Decimal(0)
    day: date | None = None
    owner_id: UUID | None = None
    binned: bool = False
    reached: bool = True
    rates: Rates = field(compare=False)
    today: date = field(compare=False)


@dataclass(frozen=True, slots=True)
class Worth:
    """What an opportunity counts for, in the organisation's currency."""

    category: ForecastCategory
    amount: Decimal
    weighted: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """One cause, and what the opportunity counted for with this owner before and after it; None is not at all."""

    cause: Cause
    owner_id: UUID | None
    before: Worth | None
    after: Worth | None


# What changes together. Whoever wins or loses also gives it another category, probability and day.
_AMOUNT: Final = ("amount",)
_RATE: Final = ("rates", "today")
_DAY: Final = ("day",)
_CATEGORY: Final = ("category",)
_PROBABILITY: Final = ("probability",)
_OUTCOME: Final = ("state", "category", "probability", "day", *_RATE)
_WHILE_IT_STAYS: Final = (_RATE, _AMOUNT, _DAY, _CATEGORY, _PROBABILITY)
_WHEN_IT_TURNS: Final = (_AMOUNT, _OUTCOME)
_TURNED: Final = {
    OpportunityState.OPEN: Cause.REOPENED,
    OpportunityState.WON: Cause.WON,
    OpportunityState.LOST: Cause.LOST,
}
_NAMED: Final = {_RATE: Cause.RATE, _CATEGORY: Cause.CATEGORY, _PROBABILITY: Cause.PROBABILITY}


def counts(standing: Standing, period: Period) -> bool:
    """Whether an opportunity belongs to the forecast: not what is lost, omitted, undated, binned or out of reach."""
    return (
        standing.reached
        and not standing.binned
        and standing.state is not OpportunityState.LOST
        and standing.category is not ForecastCategory.OMITTED
        and standing.amount is not None
        and standing.day is not None
        and standing.day in period
    )


def worth(standing: Standing | None, period: Period) -> Worth | None:
    """Return what an opportunity counts for; None for what does not, or has no exchange rate."""
    if standing is None or standing.amount is None or standing.day is None or not counts(standing, period):
        return None
    on = standing.today if standing.state is OpportunityState.OPEN else standing.day
    amount = standing.rates.converted(standing.amount, on)
    if amount is None:
        return None
    return Worth(standing.category, amount.amount, weighted(amount, standing.probability))


def steps(before: Standing | None, after: Standing | None, period: Period) -> Iterator[Step]:
    """Yield the steps from one forecast to the other, those that make no difference left out.

    What makes it leave comes first, with all that it counted for; what makes it enter comes last.
    """
    was, is_ = worth(before, period), worth(after, period)
    if before is None or not before.reached or before.binned:
        if after is not None and is_ is not None:
            yield Step(_entry(before, after), after.owner_id, None, is_)
    elif after is None or not after.reached or after.binned:
        if was is not None:
            gone = Cause.REMOVED if after is None or after.reached else Cause.REASSIGNED
            yield Step(gone, before.owner_id, was, None)
    else:
        if before.owner_id != after.owner_id and was is not None:
            yield Step(Cause.REASSIGNED, before.owner_id, was, None)
            yield Step(Cause.REASSIGNED, after.owner_id, None, was)
        yield from _turns(before, after, period)


def _turns(before: Standing, after: Standing, period: Period) -> Iterator[Step]:
    aspects = _WHILE_IT_STAYS if before.state is after.state else _WHEN_IT_TURNS
    was, is_ = worth(before, period), worth(after, period)

    def place(aspect: tuple[str, ...]) -> int:
        if was is not None and worth(_turned(before, after, aspect), period) is None:
            return 0
        return 2 if is_ is not None and worth(_turned(after, before, aspect), period) is None else 1

    standing = before
    for aspect in sorted(aspects, key=place):
        standing = _turned(standing, after, aspect)
        now = worth(standing, period)
        if now != was:
            yield Step(_cause(aspect, standing, was, now), after.owner_id, was, now)
        was = now


def _turned(standing: Standing, like: Standing, aspect: tuple[str, ...]) -> Standing:
    return replace(standing, **{name: getattr(like, name) for name in aspect})


def _entry(before: Standing | None, after: Standing) -> Cause:
    if before is not None:
        return Cause.RESTORED if before.reached else Cause.REASSIGNED
    return Cause.WON if after.state is OpportunityState.WON else Cause.NEW


def _cause(aspect: tuple[str, ...], standing: Standing, was: Worth | None, now: Worth | None) -> Cause:
    if aspect == _OUTCOME:
        return _TURNED[standing.state]
    if aspect == _AMOUNT:
        return Cause.AMOUNT_DOWN if now is None or (was is not None and now.amount < was.amount) else Cause.AMOUNT_UP
    if aspect == _DAY and (was is None or now is None):
        return Cause.PULLED_IN if was is None else Cause.PUSHED_OUT
    return _NAMED.get(aspect, Cause.RATE)  # a sale that closed on another day is worth what that day's rate says
