"""Moving the open clocks of a calendar that has other hours; what is met or late stays as it is."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import sla
from services.cases.domain.calendar import Calendar
from services.cases.queries import clocks


def next_cases(uow: UnitOfWork, calendar_id: UUID, after: UUID | None, limit: int) -> list[UUID]:
    """Return the next cases with open clocks that count by other hours than the calendar has now."""
    return clocks.cases_by_older_hours(uow, calendar_id, _hours(uow, calendar_id), after, limit)


def recalculate(uow: UnitOfWork, calendar_id: UUID, case_ids: Sequence[UUID]) -> tuple[int, int]:
    """Count the open clocks of these cases by the calendar's present hours; returns how many, and how many moved."""
    hours, at = _hours(uow, calendar_id), utc_now()
    versions = clocks.versions_of(uow, calendar_id) - {hours}
    examined = moved = 0
    with uow.session.no_autoflush:
        for case, found in clocks.of_cases(uow, case_ids, whole=False):
            desk = sla.desk_of(uow, case, found, at)
            for clock in found:
                if clock.is_open and clock.calendar_version_id in versions:
                    examined += 1
                    moved += desk.recalendar(clock, hours)
            sla.keep(uow, desk)
            clocks.rewrite(uow, desk)
    return examined, moved


def conclude(uow: UnitOfWork, calendar_id: UUID, examined: int, moved: int) -> None:
    """Say on the calendar how many clocks there were and how many moved."""
    uow.get(Calendar, calendar_id, lock=True).note_recalculation(examined, moved)


def _hours(uow: UnitOfWork, calendar_id: UUID) -> UUID:
    return uow.get(Calendar, calendar_id).hours_id
