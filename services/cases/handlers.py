"""What cases does when something is told: by other services, by itself, by the clock, or by a background job."""

from uuid import UUID

from chassis.clock import utc_now
from chassis.timers import Due, timer
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import sla
from services.cases.domain.case import Case


@timer(sla.ALARM)
def ring(uow: UnitOfWork, due: Due) -> None:
    """A clock of a case has something to tell: a warning, a breach, a level of escalation, or several after an outage.

    What was told already is noted on the clock, so that firing twice tells once.
    """
    # Whoever changes the case at this moment goes first, or waits.
    case = uow.get(Case, UUID(due.key), lock=True)
    case.alarm_at = None
    with uow.session.no_autoflush:
        desk = sla.desk(uow, case, utc_now())
    sla.keep(uow, desk)
