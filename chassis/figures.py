"""What a service's own database says about how it does, shown at /metrics beside the figures that all services have."""

import math
from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING

from prometheus_client import Gauge

from chassis.clock import utc_now

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitOfWork

__all__ = ["Figure", "figure", "figures_in", "seconds_since"]

Look = Callable[["UnitOfWork"], float]


class Figure:
    """A gauge whose value a query gives. It is looked at every 15 seconds, so the query must be cheap."""

    def __init__(self, name: str, documentation: str, look: Look) -> None:
        self.name = name
        self._gauge = Gauge(name, documentation)
        self._look = look

    def show(self, uow: "UnitOfWork") -> None:
        """Look, and show what is found."""
        self._gauge.set(self._look(uow))

    def hide(self) -> None:
        """Show that the value is not known."""
        self._gauge.set(math.nan)


def figure(name: str, documentation: str) -> Callable[[Look], Figure]:
    """Declare a function ``(uow)`` of a service's handlers as a figure; the name begins with ``trato_<service>_``."""
    return lambda look: Figure(name, documentation, look)


def figures_in(*modules: ModuleType) -> list[Figure]:
    """Return the figures that these modules hold."""
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Figure)]
    return list(dict.fromkeys(found))


def seconds_since(at: datetime | None) -> float:
    """Return how long ago an instant was; 0 for None and for what is still to come."""
    return 0.0 if at is None else max(0.0, (utc_now() - at).total_seconds())
