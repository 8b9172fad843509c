"""Where a forecast is read from: the opportunities as they are now, or as a snapshot kept them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db import row_scope
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.exchange import Rates
from services.sales.domain.forecast_snapshot import ForecastEntry, ForecastRate, ForecastSnapshot
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.opportunity_state import OpportunityState
from services.sales.queries import exchange

_now: Any = Opportunity.__table__.c
_kept: Any = ForecastEntry.__table__.c
_rates: Any = ForecastRate.__table__.c


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One forecast to be read.

    ``shown`` has a row for each opportunity, also for those in the bin or out of reach; ``reached`` says whether it
    is within the caller's. ``rates`` gives the rates of some currencies into ``currency``, as they were known.
    """

    shown: sa.Subquery
    today: date
    currency: str
    rates: Callable[[Collection[str]], Rates]


def figures_now() -> dict[str, Any]:
    """Return what a forecast needs of an opportunity, as columns of ``opportunities``."""
    return {
        "opportunity_id": _now.id,
        "state": _now.state,
        "category": _now.category,
        "amount_amount": _now.amount_amount,
        "amount_currency": _now.amount_currency,
        "probability": _now.probability,
        "day": sa.case((_now.state == OpportunityState.OPEN, _now.expected_close_on), else_=_now.closed_on),
        "pipeline_id": _now.pipeline_id,
        "binned": _now.deleted_at.is_not(None),
        "owner_id": _now.owner_id,
        "group_id": _now.group_id,
    }


def present(uow: UnitOfWork, owner_id: UUID | None = None) -> Reading:
    """Return the forecast as it is now; today is the caller's. With ``owner_id`` only that seller's is reached."""
    return Reading(
        shown=_shown(uow, Opportunity, figures_now(), owner_id).subquery("present"),
        today=utc_now().astimezone(ZoneInfo(uow.actor.time_zone)).date(),
        currency=exchange.base_currency(uow),
        rates=lambda currencies: exchange.rates(uow, currencies),
    )


def as_of(uow: UnitOfWork, snapshot: ForecastSnapshot, owner_id: UUID | None = None) -> Reading:
    """Return the forecast as a snapshot kept it."""
    figures = {name: _kept[name] for name in figures_now()}
    shown = _shown(uow, ForecastEntry, figures, owner_id).where(_holds(_kept, snapshot.on))
    return Reading(
        shown=shown.subquery(f"as_of_{snapshot.on:%Y%m%d}"),
        today=snapshot.on,
        currency=snapshot.currency,
        rates=lambda currencies: _rates_of(uow, snapshot, currencies),
    )


def _shown(uow: UnitOfWork, model: Any, figures: dict[str, Any], owner_id: UUID | None) -> "sa.Select[Any]":
    scope = row_scope.scope_of(model, uow.actor, uow.permission)
    conditions = row_scope.conditions(model, scope, uow.actor, deleted=True)
    if owner_id is not None:
        conditions.append(model.owner_id == owner_id)
    reached = sa.and_(sa.true(), *conditions)
    return sa.select(*(column.label(name) for name, column in figures.items()), reached.label("reached"))


def _rates_of(uow: UnitOfWork, snapshot: ForecastSnapshot, currencies: Collection[str]) -> Rates:
    foreign = sorted(set(currencies) - {snapshot.currency})
    if not foreign:
        return Rates(snapshot.currency, ())
    known = sa.select(_rates.currency, _rates.day, _rates.rate).where(
        _rates.base == snapshot.currency, _rates.currency.in_(foreign), _holds(_rates, snapshot.on)
    )
    return Rates(snapshot.currency, [(row.currency, row.day, row.rate) for row in uow.session.execute(known)])


def _holds(columns: Any, on: date) -> "sa.ColumnElement[bool]":
    return sa.and_(columns.from_on <= on, sa.or_(columns.until_on.is_(None), columns.until_on > on))
