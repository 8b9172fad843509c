"""Questions about calendars, holiday sets, and the opening hours that clocks run by."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.business_time import BusinessTime
from services.cases.domain.calendar import Calendar, CalendarVersion
from services.cases.domain.holiday_set import HolidaySet
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.errors import CalendarIsAnothers, UnknownReference

CALENDAR_FILTERS = filters_for(Calendar, default_sort=("name",))
HOLIDAY_SET_FILTERS = filters_for(HolidaySet, default_sort=("name",))
_MOST_KEPT: Final = 500
# By version. A version never changes, so what was worked out once stays right in every process.
_times: dict[UUID, BusinessTime] = {}
_calendars: dict[UUID, UUID] = {}


def time_of(uow: UnitOfWork, version_id: UUID) -> BusinessTime:
    """Return the arithmetic by the hours of a calendar's version."""
    known = _times.get(version_id)
    if known is None:
        known = BusinessTime(uow.session.get_one(CalendarVersion, version_id).hours)
        while len(_times) >= _MOST_KEPT:
            _times.pop(next(iter(_times)))
        _times[version_id] = known
    return known


def calendar_of(uow: UnitOfWork, version_id: UUID) -> UUID:
    """Return the calendar that a version is one of."""
    known = _calendars.get(version_id)
    if known is None:
        known = uow.session.get_one(CalendarVersion, version_id).calendar_id
        while len(_calendars) >= _MOST_KEPT:
            _calendars.pop(next(iter(_calendars)))
        _calendars[version_id] = known
    return known


def calendars(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of calendars."""
    return page.apply(sa.select(Calendar), uow.session)


def holiday_sets(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of holiday sets."""
    return page.apply(sa.select(HolidaySet), uow.session)


def sets_of(uow: UnitOfWork, calendar: Calendar) -> Sequence[HolidaySet]:
    """Return the holiday sets of a calendar. Raises ``UnknownReference`` where one does not exist."""
    wanted = list(dict.fromkeys(calendar.holiday_set_ids))
    found = uow.session.scalars(sa.select(HolidaySet).where(HolidaySet.id.in_(wanted)).order_by(HolidaySet.id)).all()
    if len(found) < len(wanted):
        raise UnknownReference("holiday_set_ids")
    return found


def default_calendar(uow: UnitOfWork) -> Calendar | None:
    """Return the calendar that holds where no policy names one."""
    return uow.session.scalars(sa.select(Calendar).where(Calendar.is_default.is_(True))).first()


def check_alone(uow: UnitOfWork, calendar: Calendar) -> None:
    """Raise ``CalendarIsAnothers`` where another calendar is that of a company or an area of this one."""
    mine = {*calendar.company_ids, *calendar.group_ids}
    for each in uow.session.scalars(sa.select(Calendar).where(Calendar.id != calendar.id)) if mine else ():
        if mine & {*each.company_ids, *each.group_ids}:
            raise CalendarIsAnothers(name=each.name)


def with_set(uow: UnitOfWork, set_id: UUID) -> list[Calendar]:
    """Return the calendars that have a holiday set."""
    return [each for each in uow.session.scalars(sa.select(Calendar)) if set_id in each.holiday_set_ids]


def policies_of(uow: UnitOfWork, calendar_id: UUID) -> list[SlaPolicy]:
    """Return the policies that name a calendar."""
    return [
        each
        for each in uow.session.scalars(sa.select(SlaPolicy))
        if calendar_id in {each.calendar_id, *(own.calendar_id for own in each.metric_calendars)}
    ]
