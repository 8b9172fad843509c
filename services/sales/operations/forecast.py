"""The entrypoints of the forecast and its snapshots."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import query
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.forecast import Forecast
from services.sales.domain.forecast_changes import ForecastChanges
from services.sales.domain.forecast_snapshot import ForecastSnapshot
from services.sales.queries import forecast as queries
from services.sales.queries import forecast_changes, forecast_snapshots
from services.sales.queries.forecast_snapshots import SNAPSHOT_FILTERS
from services.sales.schemas import (
    ForecastChangesParametersSchema,
    ForecastChangesSchema,
    ForecastParametersSchema,
    ForecastSchema,
    ForecastSnapshotSchema,
)


class Forecasts:
    """What may be asked of the forecast."""

    @query(params=ForecastParametersSchema, dumps=ForecastSchema, needs="forecast:read")
    def get_forecast(self, uow: UnitOfWork, params: dict[str, Any]) -> Forecast:
        """Show what is and will be sold, by category, month and seller; what is stale is shown apart as well."""
        return queries.forecast_now(uow, **params)

    @query(lists=ForecastSnapshotSchema, filters=SNAPSHOT_FILTERS, needs="forecast:read")
    def list_forecast_snapshots(self, uow: UnitOfWork, page: PageRequest) -> Page[ForecastSnapshot]:
        """List the nightly snapshots of the forecast that are kept, the latest first."""
        return forecast_snapshots.snapshots(uow, page)

    @query(params=ForecastParametersSchema, dumps=ForecastSchema, needs="forecast:read")
    def get_forecast_snapshot(self, uow: UnitOfWork, snapshot_id: UUID, params: dict[str, Any]) -> Forecast:
        """Show the forecast as a snapshot kept it, with the exchange rates as they were known then."""
        return queries.forecast_then(uow, snapshot_id, **params)

    @query(params=ForecastChangesParametersSchema, dumps=ForecastChangesSchema, needs="forecast:read")
    def forecast_changes(self, uow: UnitOfWork, params: dict[str, Any]) -> ForecastChanges:
        """Show what changed between two snapshots, or a snapshot and now: opening and changes are closing.

        Each day means the latest snapshot up to it; the answer says which that is.
        """
        return forecast_changes.changes(uow, **params)
