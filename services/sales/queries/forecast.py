"""The forecast of the opportunities within the caller's reach."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.money import Money
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.exchange import Sum
from services.sales.domain.forecast import Entry, Forecast, forecast_of
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.opportunity_state import OpportunityState
from services.sales.queries import exchange

_columns: Any = Opportunity.__table__.c


def forecast(
    uow: UnitOfWork,
    *,
    from_on: date | None = None,
    to_on: date | None = None,
    pipeline_id: UUID | None = None,
    owner_id: UUID | None = None,
    move_stale: bool = False,
) -> Forecast:
    """Return the forecast; open amounts are converted at today's rate, won ones at that of their day."""
    today = utc_now().astimezone(ZoneInfo(uow.actor.time_zone)).date()
    rows = uow.session.execute(_wanted(uow, from_on, to_on, pipeline_id, owner_id)).all()
    rates = exchange.rates(uow, {row.amount_currency for row in rows})
    converted, entries = Sum(rates), []
    for row in rows:
        is_open = row.state is OpportunityState.OPEN
        day = row.expected_close_on if is_open else row.closed_on
        amount = converted.add(Money(row.amount_amount, row.amount_currency), today if is_open else day)
        if amount is not None:
            stale = is_open and day is not None and day < today
            entries.append(
                Entry(
                    category=row.category,
                    amount=amount,
                    probability=row.probability,
                    day=day,
                    owner_id=row.owner_id,
                    stale=stale,
                )
            )
    return forecast_of(
        entries,
        currency=rates.base,
        from_on=from_on,
        to_on=to_on,
        today=today,
        move_stale=move_stale,
        unconverted=converted.unconverted,
    )


def _wanted(
    uow: UnitOfWork, from_on: date | None, to_on: date | None, pipeline_id: UUID | None, owner_id: UUID | None
) -> "sa.Select[Any]":
    is_won = _columns.state == OpportunityState.WON
    if from_on is not None:
        is_won = sa.and_(is_won, _columns.closed_on >= from_on)
    if to_on is not None:
        is_won = sa.and_(is_won, _columns.closed_on <= to_on)
    query = sa.select(
        _columns.state,
        _columns.category,
        _columns.amount_amount,
        _columns.amount_currency,
        _columns.probability,
        _columns.expected_close_on,
        _columns.closed_on,
        _columns.owner_id,
    ).where(sa.or_(_columns.state == OpportunityState.OPEN, is_won), _columns.amount_amount.is_not(None))
    if pipeline_id is not None:
        query = query.where(_columns.pipeline_id == pipeline_id)
    if owner_id is not None:
        query = query.where(_columns.owner_id == owner_id)
    return uow.scoped(query, Opportunity)
