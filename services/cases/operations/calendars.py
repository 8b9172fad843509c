"""Entrypoints about calendars and holiday sets."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import calendars as commands
from services.cases.domain.calendar import Calendar
from services.cases.domain.holiday_set import HolidaySet
from services.cases.queries import calendars as queries
from services.cases.queries.calendars import CALENDAR_FILTERS, HOLIDAY_SET_FILTERS
from services.cases.schemas import CalendarReplacementSchema, CalendarSchema, HolidaySetSchema


class Calendars:
    """What may be asked of calendars and holiday sets."""

    @command(loads=CalendarSchema, dumps=CalendarSchema, needs="calendars:write")
    def create_calendar(self, uow: UnitOfWork, data: dict[str, Any]) -> Calendar:
        """Add a calendar; the first one is the default."""
        return commands.create_calendar(uow, **data)

    @query(dumps=CalendarSchema, needs="calendars:read")
    def get_calendar(self, uow: UnitOfWork, calendar_id: UUID) -> Calendar:
        """Show a calendar."""
        return uow.get(Calendar, calendar_id)

    @query(lists=CalendarSchema, filters=CALENDAR_FILTERS, needs="calendars:read")
    def list_calendars(self, uow: UnitOfWork, page: PageRequest) -> Page[Calendar]:
        """List calendars."""
        return queries.calendars(uow, page)

    @command(patches=CalendarSchema, dumps=CalendarSchema, needs="calendars:write")
    def update_calendar(self, uow: UnitOfWork, calendar_id: UUID, data: dict[str, Any]) -> Calendar:
        """Change a calendar; other hours move the open clocks that run by it."""
        return commands.update_calendar(uow, calendar_id, data)

    @command(dumps=CalendarSchema, needs="calendars:write")
    def make_default_calendar(self, uow: UnitOfWork, calendar_id: UUID) -> Calendar:
        """Have a calendar hold where no policy names one."""
        return commands.make_default(uow, calendar_id)

    @command(loads=CalendarReplacementSchema, dumps=CalendarSchema, needs="calendars:write")
    def replace_calendar(self, uow: UnitOfWork, calendar_id: UUID, data: dict[str, Any]) -> Calendar:
        """Put another calendar in the place of this one, so that it can be deleted; answers the other one."""
        return commands.replace_calendar(uow, calendar_id, **data)

    @command(needs="calendars:write")
    def delete_calendar(self, uow: UnitOfWork, calendar_id: UUID) -> None:
        """Delete a calendar that no policy names."""
        commands.delete_calendar(uow, calendar_id)

    @command(loads=HolidaySetSchema, dumps=HolidaySetSchema, needs="holiday-sets:write")
    def create_holiday_set(self, uow: UnitOfWork, data: dict[str, Any]) -> HolidaySet:
        """Add a holiday set."""
        return commands.create_holiday_set(uow, **data)

    @query(dumps=HolidaySetSchema, needs="holiday-sets:read")
    def get_holiday_set(self, uow: UnitOfWork, holiday_set_id: UUID) -> HolidaySet:
        """Show a holiday set."""
        return uow.get(HolidaySet, holiday_set_id)

    @query(lists=HolidaySetSchema, filters=HOLIDAY_SET_FILTERS, needs="holiday-sets:read")
    def list_holiday_sets(self, uow: UnitOfWork, page: PageRequest) -> Page[HolidaySet]:
        """List holiday sets."""
        return queries.holiday_sets(uow, page)

    @command(patches=HolidaySetSchema, dumps=HolidaySetSchema, needs="holiday-sets:write")
    def update_holiday_set(self, uow: UnitOfWork, holiday_set_id: UUID, data: dict[str, Any]) -> HolidaySet:
        """Change a holiday set; the open clocks of every calendar that has it move."""
        return commands.update_holiday_set(uow, holiday_set_id, data)

    @command(needs="holiday-sets:write")
    def delete_holiday_set(self, uow: UnitOfWork, holiday_set_id: UUID) -> None:
        """Delete a holiday set that no calendar has."""
        commands.delete_holiday_set(uow, holiday_set_id)
