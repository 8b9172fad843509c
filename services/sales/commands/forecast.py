"""Keeping the forecast: one snapshot a day, taken in the first minutes of the day or as soon as that is possible."""

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chassis import parameters, settings
from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from contracts.parameters import FORECAST_SNAPSHOT_DAYS
from services.sales.domain.forecast_snapshot import ForecastSnapshot
from services.sales.queries import exchange, forecast_snapshots

LOOKING_EVERY: Final = timedelta(minutes=10)


def take_snapshot(uow: UnitOfWork) -> ForecastSnapshot | None:
    """Keep the forecast as it is, unless this day has its snapshot; forget those whose days are over.

    The day is the installation's. A day on which nobody could take one has none.
    """
    today = utc_now().astimezone(ZoneInfo(settings.load().default_time_zone)).date()
    latest = forecast_snapshots.latest(uow)
    if latest is not None and latest.on >= today:
        return None
    snapshot = uow.add(ForecastSnapshot(on=today, currency=exchange.base_currency(uow)))
    snapshot.take()
    uow.session.flush()
    forecast_snapshots.keep(uow, today)
    forecast_snapshots.forget(uow, today - timedelta(days=parameters.value(uow, FORECAST_SNAPSHOT_DAYS)))
    return snapshot
