"""The settings of the installation that sales needs, as administration told of them; the defaults hold until then."""

from typing import Final

from chassis.unit_of_work import UnitOfWork
from services.sales.domain.exchange import BASE, Parameter

CURRENCY: Final = "organisation.currency"
SNAPSHOT_DAYS: Final = "forecast.snapshot_days"
UNDO_MINUTES: Final = "leads.undo_qualification_minutes"
_DEFAULTS: Final = {CURRENCY: BASE, SNAPSHOT_DAYS: "400", UNDO_MINUTES: "30"}
HEARD: Final = frozenset(_DEFAULTS)


def text(uow: UnitOfWork, key: str) -> str:
    """Return the value that holds."""
    known = uow.session.get(Parameter, key)
    return known.value if known else _DEFAULTS[key]


def number(uow: UnitOfWork, key: str) -> int:
    """Return the whole number that holds."""
    return int(text(uow, key))
