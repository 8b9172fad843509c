"""A calendar: when somebody works, and its versions, by which clocks were counted."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from chassis.fields import Count, Flag, Id, Instant, Internal, Logged, Name, ReadOnly, TimeZoneName, value, values
from chassis.ids import new_id
from chassis.indexes import unique
from chassis.model import Aggregate, Mapped, column
from contracts.service_levels import CalendarChanged, ClocksRecalculated
from services.cases.domain.base import Model
from services.cases.domain.business_time import BusinessTime
from services.cases.domain.holiday_set import HolidaySet
from services.cases.domain.opening_hours import ExceptionalDays, OpeningHours, Week
from services.cases.domain.recalculated import Recalculated


class CalendarVersion(Model):
    """The opening hours of a calendar as they were at a time, holidays included. Never changed."""

    __tablename__ = "calendar_versions"
    __table_args__ = (unique("calendar_id", "number"),)

    id: Mapped[Id] = column(primary_key=True, default=new_id)
    calendar_id: Mapped[Id]
    number: Mapped[Count]
    hours: Mapped[OpeningHours] = value(OpeningHours)
    valid_from: Mapped[Instant]


class Calendar(Recalculated, Aggregate, Model):
    """Windows of each weekday in one zone, the holiday sets that hold there, and exceptional days.

    Where a policy names no calendar, that of the case's company counts, then that of its area, then the default.
    """

    __tablename__ = "calendars"
    resource: ClassVar = "calendars"

    name: Mapped[Logged[Name]] = column(unique=True)
    time_zone: Mapped[Logged[TimeZoneName]]
    week: Mapped[Logged[Week]] = value(Week)
    holiday_set_ids: Mapped[Logged[list[Id]]] = values(Id, most=20)
    exceptions: Mapped[Logged[list[ExceptionalDays]]] = values(ExceptionalDays, most=500)
    company_ids: Mapped[Logged[list[Id]]] = values(Id, most=1000, doc="The companies whose cases count by it.")
    group_ids: Mapped[Logged[list[Id]]] = values(Id, most=1000, doc="The areas whose cases count by it.")
    is_default: Mapped[ReadOnly[Flag]] = column(default=False, doc="It holds where no other does.")
    hours_id: Mapped[Internal[Id]]
    hours_number: Mapped[ReadOnly[Count]] = column(default=0, doc="Grows with each change of the opening hours.")

    def hours_with(self, sets: Iterable[HolidaySet]) -> OpeningHours:
        """Return the opening hours with the holidays of ``sets``.

        Raises ``WindowEndsBeforeItStarts``, ``WindowsOverlap``, ``DaysEndBeforeTheyStart``.
        """
        hours = OpeningHours(
            time_zone=self.time_zone,
            week=self.week,
            holidays=[holiday for each in sets for holiday in each.holidays],
            exceptions=list(self.exceptions),
        )
        hours.check()
        return hours

    def open_by(self, hours: OpeningHours, at: datetime) -> CalendarVersion:
        """Work by these hours from now on, and tell of it. Raises ``CalendarNeverOpens``."""
        BusinessTime(hours).check_opens(at)
        version = CalendarVersion(calendar_id=self.id, number=self.hours_number + 1, hours=hours, valid_from=at)
        self.hours_id, self.hours_number = version.id, version.number
        self.record(CalendarChanged(calendar_id=self.id, name=self.name, number=version.number))
        return version

    def stand_in_for(self, other: "Calendar") -> None:
        """Be the calendar of the companies and areas whose other one was."""
        for name in ("company_ids", "group_ids"):
            mine, theirs = getattr(self, name), getattr(other, name)
            setattr(self, name, list(dict.fromkeys([*mine, *theirs])))
            setattr(other, name, [])

    def note_recalculation(self, examined: int, moved: int) -> None:
        """Say how many open clocks a change of the hours concerned and how many it moved."""
        self.counted(examined, moved)
        self.record(ClocksRecalculated(calendar_id=self.id, number=self.hours_number, examined=examined, moved=moved))
