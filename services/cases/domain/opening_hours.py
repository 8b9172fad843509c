"""When a calendar is open: windows of each weekday, holidays, exceptional days, all in the calendar's own zone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from chassis.fields import Day, Flag, Name, TimeZoneName
from services.cases.domain.wall_time import WallTime, minutes_of
from services.cases.errors import DaysEndBeforeTheyStart, WindowEndsBeforeItStarts, WindowsOverlap

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, kw_only=True)
class Window:
    """Working time of one day. One that crosses midnight is written as two, the first until 24:00."""

    opens: WallTime
    closes: WallTime


@dataclass(frozen=True, kw_only=True)
class Week:
    """The windows of each weekday; a day without any is not worked."""

    monday: list[Window] = field(default_factory=list)
    tuesday: list[Window] = field(default_factory=list)
    wednesday: list[Window] = field(default_factory=list)
    thursday: list[Window] = field(default_factory=list)
    friday: list[Window] = field(default_factory=list)
    saturday: list[Window] = field(default_factory=list)
    sunday: list[Window] = field(default_factory=list)

    def of(self, weekday: int) -> list[Window]:
        """Return the windows of a weekday, Monday being 0."""
        windows: list[Window] = getattr(self, WEEKDAYS[weekday])
        return windows


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """A whole day in the calendar's zone that is not worked; a yearly one comes back on that day every year."""

    on: Day
    name: Name
    yearly: Flag = False


@dataclass(frozen=True, kw_only=True)
class ExceptionalDays:
    """Days, the last one included, with windows of their own, whatever week and holidays say; without any, closed."""

    starts_on: Day
    ends_on: Day
    name: Name | None = None
    windows: list[Window] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class OpeningHours:
    """Everything that decides whether a calendar is open. Exceptional days beat holidays, holidays beat the week."""

    time_zone: TimeZoneName
    week: Week
    holidays: list[Holiday] = field(default_factory=list)
    exceptions: list[ExceptionalDays] = field(default_factory=list)

    def on(self, day: date) -> list[Window]:
        """Return the windows of a day, in order."""
        for exception in self.exceptions:
            if exception.starts_on <= day <= exception.ends_on:
                return in_order(exception.windows)
        if any(_falls_on(holiday, day) for holiday in self.holidays):
            return []
        return in_order(self.week.of(day.weekday()))

    def check(self) -> None:
        """Raise the refusal of days or windows that make no sense.

        They are ``WindowEndsBeforeItStarts``, ``WindowsOverlap``, ``DaysEndBeforeTheyStart``.
        """
        for name in WEEKDAYS:
            check_windows(getattr(self.week, name), name)
        for exception in self.exceptions:
            if exception.ends_on < exception.starts_on:
                raise DaysEndBeforeTheyStart(starts_on=str(exception.starts_on), ends_on=str(exception.ends_on))
            check_windows(exception.windows, str(exception.starts_on))


def in_order(windows: Sequence[Window]) -> list[Window]:
    """Return the windows of a day by their opening."""
    return sorted(windows, key=lambda window: minutes_of(window.opens))


def check_windows(windows: Sequence[Window], day: str) -> None:
    """Raise ``WindowEndsBeforeItStarts`` or ``WindowsOverlap``; one may begin where another ends."""
    last = 0
    for window in in_order(windows):
        opens, closes = minutes_of(window.opens), minutes_of(window.closes)
        if closes <= opens:
            raise WindowEndsBeforeItStarts(opens=window.opens, closes=window.closes, day=day)
        if opens < last:
            raise WindowsOverlap(day=day)
        last = closes


def _falls_on(holiday: Holiday, day: date) -> bool:
    if holiday.yearly:
        return (holiday.on.month, holiday.on.day) == (day.month, day.day)
    return holiday.on == day
