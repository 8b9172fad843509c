"""The entrypoint of the forecast."""

from typing import Any

from chassis.rpc import query
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.forecast import Forecast
from services.sales.queries import forecast as queries
from services.sales.schemas import ForecastParametersSchema, ForecastSchema


class Forecasts:
    """What may be asked of the forecast."""

    @query(params=ForecastParametersSchema, dumps=ForecastSchema, needs="forecast:read")
    def get_forecast(self, uow: UnitOfWork, params: dict[str, Any]) -> Forecast:
        """Show what is and will be sold, by category, month and seller; what is stale is shown apart as well."""
        return queries.forecast(uow, **params)
