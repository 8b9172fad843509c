"""What is refused about the forecast and its snapshots."""

from chassis.errors import Invalid


class NoForecastSnapshot(Invalid):
    """No snapshot of the forecast is kept of {on} or a day before."""

    slug = "no-forecast-snapshot"
    es = "No se conserva ninguna instantánea de la previsión del {on} ni de un día anterior."


class ForecastCurrencyChanged(Invalid):
    """The forecast was in {opening} then and is in {closing} at the end; they cannot be compared."""

    slug = "forecast-currency-changed"
    es = "La previsión estaba en {opening} entonces y está en {closing} al final; no se pueden comparar."


class SinceLiesBehindUntil(Invalid):
    """The day since_on lies behind until_on; send them the other way round."""

    slug = "since-lies-behind-until"
    es = "El día since_on es posterior a until_on; envíelos al revés."
