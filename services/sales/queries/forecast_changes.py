"""What changed between two forecasts, within the caller's reach."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.money import Money
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.exchange import Rates
from services.sales.domain.forecast_changes import Account, ForecastChanges, Pair
from services.sales.domain.forecast_move import Period, Standing
from services.sales.domain.forecast_snapshot import ForecastSnapshot
from services.sales.domain.opportunity_state import ForecastCategory, OpportunityState
from services.sales.errors import ForecastCurrencyChanged, NoForecastSnapshot, SinceLiesBehindUntil
from services.sales.queries import forecast_snapshots
from services.sales.queries.forecast_readings import Reading, as_of, present

_READ: Final = (
    "opportunity_id",
    "reached",
    "state",
    "category",
    "amount_amount",
    "amount_currency",
    "probability",
    "day",
    "owner_id",
    "binned",
)
_WIDTH: Final = len(_READ)
_CURRENCY: Final = _READ.index("amount_currency")


def changes(
    uow: UnitOfWork,
    *,
    since_on: date,
    until_on: date | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    pipeline_id: UUID | None = None,
    owner_id: UUID | None = None,
) -> ForecastChanges:
    """Return what changed between the latest snapshots up to two days, or up to one day and now.

    Raises ``SinceLiesBehindUntil``, ``NoForecastSnapshot``, ``ForecastCurrencyChanged``.
    """
    if until_on is not None and until_on < since_on:
        raise SinceLiesBehindUntil
    opening = _snapshot(uow, since_on)
    closing = None if until_on is None else _snapshot(uow, until_on)
    then = as_of(uow, opening, owner_id)
    end = present(uow, owner_id) if closing is None else as_of(uow, closing, owner_id)
    if then.currency != end.currency:
        raise ForecastCurrencyChanged(opening=then.currency, closing=end.currency)
    period = Period(from_on=from_on, to_on=to_on)
    account = Account(period)
    for pair in _pairs(uow, then, end, period, pipeline_id):
        account.add(pair)
    return ForecastChanges(
        currency=end.currency,
        since_on=opening.on,
        until_on=None if closing is None else closing.on,
        from_on=from_on,
        to_on=to_on,
        total=account.total(end.currency),
        owners=account.owners(end.currency),
        largest=account.largest(end.currency),
        unconverted=sorted(account.unconverted),
    )


def _snapshot(uow: UnitOfWork, on: date) -> ForecastSnapshot:
    found = forecast_snapshots.latest(uow, on)
    if found is None:
        raise NoForecastSnapshot(on=str(on))
    return found


def _pairs(uow: UnitOfWork, then: Reading, end: Reading, period: Period, pipeline_id: UUID | None) -> Iterator[Pair]:
    """Yield what counts in at least one of the two, as it is in both."""
    before, after = then.shown.alias("before"), end.shown.alias("after")
    mine = before.c.opportunity_id == after.c.opportunity_id
    counted = sa.or_(_counts(before, period, pipeline_id), _counts(after, period, pipeline_id))
    sides = [side.c[name] for side in (before, after) for name in _READ]
    both = sa.select(*sides).select_from(before.outerjoin(after, mine)).where(counted)
    new = (
        sa.select(*sides)
        .select_from(after.outerjoin(before, mine))
        .where(before.c.opportunity_id.is_(None), _counts(after, period, pipeline_id))
    )
    rows = [(row[:_WIDTH], row[_WIDTH:]) for query in (both, new) for row in uow.session.execute(query)]
    rates = [
        reading.rates({row[number][_CURRENCY] for row in rows if row[number][_CURRENCY]})
        for number, reading in enumerate((then, end))
    ]
    for was, is_ in rows:
        standing = _standing(was, rates[0], then.today)
        # Most look as they did; without a rate in between they are worth the same.
        same = was == is_ and was[_CURRENCY] == then.currency
        yield Pair(was[0] or is_[0], standing, standing if same else _standing(is_, rates[1], end.today))


def _counts(shown: sa.FromClause, period: Period, pipeline_id: UUID | None) -> "sa.ColumnElement[bool]":
    found = [
        shown.c.reached,
        shown.c.binned.is_(False),
        shown.c.state != OpportunityState.LOST,
        shown.c.category != ForecastCategory.OMITTED,
        shown.c.amount_amount.is_not(None),
        shown.c.day.is_not(None),
    ]
    if period.from_on is not None:
        found.append(shown.c.day >= period.from_on)
    if period.to_on is not None:
        found.append(shown.c.day <= period.to_on)
    if pipeline_id is not None:
        found.append(shown.c.pipeline_id == pipeline_id)
    return sa.and_(*found)


def _standing(row: "Sequence[Any]", rates: Rates, today: date) -> Standing | None:
    id_, reached, state, category, amount, currency, probability, day, owner_id, binned = row
    if id_ is None:
        return None
    if not reached:
        return Standing(reached=False, rates=rates, today=today)
    return Standing(
        state=state,
        category=category,
        amount=None if amount is None else Money(amount, currency),
        probability=probability,
        day=day,
        owner_id=owner_id,
        binned=binned,
        rates=rates,
        today=today,
    )
