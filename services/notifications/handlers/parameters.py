"""What notifications does when a setting of the installation changes, and what it forgets of the limits it keeps."""

from datetime import timedelta
from typing import Final

from chassis import parameters
from chassis.clock import utc_now
from chassis.reactions import on
from chassis.timers import every
from chassis.unit_of_work import UnitOfWork
from contracts.administration import ParameterChanged
from services.notifications.queries import allowances

_REMEMBERED: Final = timedelta(days=1)  # more than the hour that counts, so that it can be looked up


@on(ParameterChanged)
def take_parameter(uow: UnitOfWork, event: ParameterChanged) -> None:
    """Mails are limited or threaded otherwise from now on."""
    parameters.keep(uow, event)


@every(timedelta(hours=1), "notifications.forget-allowances")
def forget_allowances(uow: UnitOfWork) -> None:
    """To whom we wrote by ourselves is remembered for a day."""
    allowances.forget(uow, utc_now() - _REMEMBERED)
