"""The snapshots of the forecast: which there are, and taking one by statements that cost by what changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.exchange import ExchangeRate
from services.sales.domain.forecast_snapshot import ForecastEntry, ForecastRate, ForecastSnapshot
from services.sales.queries.forecast_readings import figures_now

SNAPSHOT_FILTERS = filters_for(ForecastSnapshot, default_sort=("-on",))
_rates: Any = ExchangeRate.__table__.c


def snapshots(uow: UnitOfWork, page: PageRequest) -> Page[ForecastSnapshot]:
    """Return a page of snapshots, the latest first."""
    return page.apply(sa.select(ForecastSnapshot), uow.session)


def latest(uow: UnitOfWork, on: date | None = None) -> ForecastSnapshot | None:
    """Return the latest snapshot, up to the day ``on`` where it is given."""
    query = sa.select(ForecastSnapshot).order_by(ForecastSnapshot.on.desc()).limit(1)
    return uow.session.scalars(query if on is None else query.where(ForecastSnapshot.on <= on)).one_or_none()


def keep(uow: UnitOfWork, on: date) -> None:
    """Keep how everything counts at the beginning of the day ``on``: what looks as it did is not written again."""
    _keep(uow, ForecastEntry.__table__, figures_now(), ("opportunity_id",), on)
    rates = {"currency": _rates.currency, "base": _rates.base, "day": _rates.on, "rate": _rates.rate}
    _keep(uow, ForecastRate.__table__, rates, ("currency", "base", "day"), on)


def forget(uow: UnitOfWork, before: date) -> None:
    """Forget the snapshots of days before ``before``, and what none of the others shows."""
    uow.session.execute(sa.delete(ForecastSnapshot).where(ForecastSnapshot.on < before))
    first = uow.session.scalar(sa.select(sa.func.min(ForecastSnapshot.on)))
    for model in (ForecastEntry, ForecastRate):
        unseen = sa.delete(model).where(model.until_on <= first)
        uow.session.execute(unseen.execution_options(synchronize_session=False))


def _keep(uow: UnitOfWork, kept: Any, figures: Mapping[str, Any], key: tuple[str, ...], on: date) -> None:
    shown = sa.select(*(column.label(name) for name, column in figures.items())).subquery("shown")
    present = kept.c.until_on.is_(None)
    same_key = sa.and_(*(kept.c[name] == shown.c[name] for name in key))
    alike = sa.and_(*(kept.c[name].is_not_distinct_from(shown.c[name]) for name in figures if name not in key))
    still = sa.select(sa.literal(1)).select_from(shown).where(same_key, alike).correlate(kept).exists()
    uow.session.execute(sa.update(kept).where(present, ~still).values(until_on=on))
    known = sa.select(sa.literal(1)).select_from(kept).where(present, same_key).correlate(shown).exists()
    new = sa.select(*(shown.c[name] for name in figures), sa.literal(on, sa.Date)).where(~known)
    uow.session.execute(sa.insert(kept).from_select([*figures, "from_on"], new, include_defaults=False))
