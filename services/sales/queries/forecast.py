"""The forecast of the opportunities within the caller's reach, as it is and as it was."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.money import Money
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.exchange import Sum
from services.sales.domain.forecast import Entry, Forecast, forecast_of
from services.sales.domain.forecast_snapshot import ForecastSnapshot
from services.sales.domain.opportunity_state import OpportunityState
from services.sales.queries.forecast_readings import Reading, as_of, present

_READ: Final = ("state", "category", "amount_amount", "amount_currency", "probability", "day", "owner_id")


def forecast_now(uow: UnitOfWork, *, owner_id: UUID | None = None, **wanted: Any) -> Forecast:
    """Return the forecast as it is; today is the caller's."""
    return forecast(uow, present(uow, owner_id), **wanted)


def forecast_then(uow: UnitOfWork, snapshot_id: UUID, *, owner_id: UUID | None = None, **wanted: Any) -> Forecast:
    """Return the forecast as a snapshot kept it. Raises ``NotFound``."""
    return forecast(uow, as_of(uow, uow.get(ForecastSnapshot, snapshot_id), owner_id), **wanted)


def forecast(
    uow: UnitOfWork,
    reading: Reading,
    *,
    from_on: date | None = None,
    to_on: date | None = None,
    pipeline_id: UUID | None = None,
    move_stale: bool = False,
) -> Forecast:
    """Return the forecast; open amounts are converted at its own day's rate, won ones at that of theirs."""
    rows = uow.session.execute(_wanted(reading, from_on, to_on, pipeline_id)).all()
    rates = reading.rates({row.amount_currency for row in rows})
    converted, entries = Sum(rates), []
    for row in rows:
        is_open = row.state is OpportunityState.OPEN
        on = reading.today if is_open else row.day
        amount = converted.add(Money(row.amount_amount, row.amount_currency), on)
        if amount is not None:
            entries.append(
                Entry(
                    category=row.category,
                    amount=amount,
                    probability=row.probability,
                    day=row.day,
                    owner_id=row.owner_id,
                    stale=is_open and row.day is not None and row.day < reading.today,
                )
            )
    return forecast_of(
        entries,
        currency=rates.base,
        from_on=from_on,
        to_on=to_on,
        today=reading.today,
        move_stale=move_stale,
        unconverted=converted.unconverted,
    )


def _wanted(
    reading: Reading, from_on: date | None, to_on: date | None, pipeline_id: UUID | None
) -> "sa.Select[tuple[object, ...]]":
    shown = reading.shown.c
    is_won = shown.state == OpportunityState.WON
    if from_on is not None:
        is_won = sa.and_(is_won, shown.day >= from_on)
    if to_on is not None:
        is_won = sa.and_(is_won, shown.day <= to_on)
    query = sa.select(*(shown[name] for name in _READ)).where(
        shown.reached,
        shown.binned.is_(False),
        sa.or_(shown.state == OpportunityState.OPEN, is_won),
        shown.amount_amount.is_not(None),
    )
    return query if pipeline_id is None else query.where(shown.pipeline_id == pipeline_id)
