"""Everything a user can do to calendars and holiday sets. What changes the hours makes a new version of them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from chassis.words import Word
from services.cases.domain.calendar import Calendar
from services.cases.domain.holiday_set import HolidaySet
from services.cases.errors import DefaultCalendarStays, StillUsed
from services.cases.queries import calendars, names, rules

RECALCULATE: Final = "recalculate-clocks"
_COMPANIES_AND_AREAS: Final = Word(en="companies or areas", es="empresas o áreas")


def create_calendar(uow: UnitOfWork, **attributes: Any) -> Calendar:
    """Add a calendar; the first one is the default.

    Raises ``NameIsTaken``, ``UnknownReference``, ``CalendarIsAnothers``, ``WindowEndsBeforeItStarts``,
    ``WindowsOverlap``, ``DaysEndBeforeTheyStart``, ``CalendarNeverOpens``.
    """
    rules.changed(uow)
    names.check_free(uow, Calendar, attributes["name"])
    calendar = Calendar(**attributes)
    calendars.check_alone(uow, calendar)
    calendar.is_default = calendars.default_calendar(uow) is None
    uow.session.add(calendar.open_by(calendar.hours_with(calendars.sets_of(uow, calendar)), utc_now()))
    return uow.add(calendar)


def update_calendar(uow: UnitOfWork, calendar_id: UUID, changes: Mapping[str, Any]) -> Calendar:
    """Change a calendar; other hours move its open clocks in the background. Whose it is counts for new clocks.

    Raises ``VersionConflict`` and what creating one raises.
    """
    rules.changed(uow)
    calendar = uow.change(Calendar, calendar_id)
    if "name" in changes:
        names.check_free(uow, Calendar, changes["name"], besides=calendar_id)
    # One change is one version: nothing is written before all of it is known.
    with uow.session.no_autoflush:
        calendar.apply(changes)
        calendars.check_alone(uow, calendar)
        _reopen(uow, calendar)
    return calendar


def make_default(uow: UnitOfWork, calendar_id: UUID) -> Calendar:
    """Have a calendar hold where no policy names one; clocks that run stay with theirs."""
    rules.changed(uow)
    calendar = uow.change(Calendar, calendar_id)
    before = calendars.default_calendar(uow)
    if before is not None and before is not calendar:
        before.is_default = False
    calendar.is_default = True
    return calendar


def replace_calendar(uow: UnitOfWork, calendar_id: UUID, *, replacement_id: UUID) -> Calendar:
    """Put another calendar in the place of this one in every policy, and for companies and areas; new clocks run by it.

    Returns that one.
    """
    rules.changed(uow)
    calendar = uow.change(Calendar, calendar_id)
    replacement = uow.get(Calendar, replacement_id)
    for policy in calendars.policies_of(uow, calendar_id):
        policy.use_instead(calendar_id, replacement_id)
    if replacement is not calendar:
        replacement.stand_in_for(calendar)
    if calendar.is_default:
        calendar.is_default, replacement.is_default = False, True
    return replacement


def delete_calendar(uow: UnitOfWork, calendar_id: UUID) -> None:
    """Delete a calendar. Raises ``DefaultCalendarStays``, and ``StillUsed`` while it is somebody's."""
    rules.changed(uow)
    calendar = uow.change(Calendar, calendar_id)
    if calendar.is_default:
        raise DefaultCalendarStays
    if used := calendars.policies_of(uow, calendar_id):
        raise StillUsed(users=", ".join(policy.name for policy in used))
    if calendar.company_ids or calendar.group_ids:
        raise StillUsed(users=_COMPANIES_AND_AREAS)
    uow.remove(calendar)


def create_holiday_set(uow: UnitOfWork, **attributes: Any) -> HolidaySet:
    """Add a holiday set. Raises ``NameIsTaken``."""
    rules.changed(uow)
    names.check_free(uow, HolidaySet, attributes["name"])
    return uow.add(HolidaySet(**attributes))


def update_holiday_set(uow: UnitOfWork, set_id: UUID, changes: Mapping[str, Any]) -> HolidaySet:
    """Change a holiday set, and with it the hours of each calendar that has it.

    Raises ``VersionConflict``, ``NameIsTaken``, ``CalendarNeverOpens``.
    """
    rules.changed(uow)
    holidays = uow.change(HolidaySet, set_id)
    if "name" in changes:
        names.check_free(uow, HolidaySet, changes["name"], besides=set_id)
    holidays.apply(changes)
    for calendar in calendars.with_set(uow, set_id):
        _reopen(uow, calendar)
    return holidays


def delete_holiday_set(uow: UnitOfWork, set_id: UUID) -> None:
    """Delete a holiday set. Raises ``StillUsed`` while calendars have it."""
    rules.changed(uow)
    holidays = uow.change(HolidaySet, set_id)
    if used := calendars.with_set(uow, set_id):
        raise StillUsed(users=", ".join(calendar.name for calendar in used))
    uow.remove(holidays)


def _reopen(uow: UnitOfWork, calendar: Calendar) -> None:
    """Give the calendar new hours where they are others than before."""
    hours = calendar.hours_with(calendars.sets_of(uow, calendar))
    if hours != calendars.time_of(uow, calendar.hours_id).hours:
        uow.session.add(calendar.open_by(hours, utc_now()))
        calendar.await_recalculation(uow.start_job(RECALCULATE, {"calendar_id": str(calendar.id)}))
