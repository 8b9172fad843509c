"""Arithmetic in working time: how much of it lies between two instants, and when so much of it has passed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

from services.cases.domain.local_instants import closing, opening
from services.cases.domain.opening_hours import OpeningHours
from services.cases.domain.wall_time import minutes_of
from services.cases.errors import CalendarNeverOpens

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
_LONGEST_GAP: Final = timedelta(days=366) // _TICK
_LAST_YEAR: Final = 9997


@dataclass(frozen=True, slots=True)
class _Year:
    """The windows of one local year, in microseconds since 1970; ``before`` is the working time ahead of each."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    after: list[int]

    @property
    def total(self) -> int:
        return self.after[-1] if self.after else 0

    def until(self, at: int) -> int:
        place = bisect_right(self.starts, at) - 1
        return 0 if place < 0 else self.before[place] + min(at, self.ends[place]) - self.starts[place]


class BusinessTime:
    """Working time by one set of opening hours.

    Each year's windows are worked out once, when first asked for; keep the object as long as the hours hold. All
    arithmetic is on instants in whole microseconds, so that it is exact and knows nothing of the server's zone.
    """

    def __init__(self, hours: OpeningHours) -> None:
        self.hours = hours
        self._zone = ZoneInfo(hours.time_zone)
        self._years: dict[int, _Year] = {}

    def windows(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Return the open intervals (UTC) between two instants, cut off at both, in order."""
        low, high = _ticks(since), _ticks(until)
        for year in range(self._local_year(since), self._local_year(until) + 1):
            known = self._year(year)
            for place in range(bisect_right(known.ends, low), bisect_left(known.starts, high)):
                yield _instant(max(known.starts[place], low)), _instant(min(known.ends[place], high))

    def elapsed(self, since: datetime, until: datetime) -> timedelta:
        """Return the working time between two instants; none where ``until`` is not after ``since``."""
        if until <= since:
            return timedelta()
        first, last = self._local_year(since), self._local_year(until)
        passed = self._year(last).until(_ticks(until)) - self._year(first).until(_ticks(since))
        return (passed + sum(self._year(year).total for year in range(first, last))) * _TICK

    def due(self, since: datetime, target: timedelta) -> datetime:
        """Return the first instant (UTC) at which ``target`` of working time has passed since ``since``.

        Raises ``CalendarNeverOpens`` where more than 366 days pass without an open window.
        """
        needed = target // _TICK
        if needed <= 0:
            return since
        year = self._local_year(since)
        reached = _ticks(since)
        needed += self._year(year).until(reached)
        while True:
            known = self._year(year)
            if known.starts:
                self._check_gap(reached, known.starts[0])
                reached = max(reached, known.ends[-1]) if known.total < needed else reached
            if known.total >= needed:
                place = bisect_left(known.after, needed)
                return _instant(known.starts[place] + needed - known.before[place])
            needed -= known.total
            year += 1
            self._check_gap(reached, _ticks(datetime(year, 1, 1, tzinfo=UTC)))
            if year > _LAST_YEAR:
                raise CalendarNeverOpens

    def days(self, since: datetime, until: datetime) -> int:
        """Return on how many days of the calendar's zone was worked between two instants, without the first one."""
        worked: set[date] = set()
        for opens, closes in self.windows(since, until):
            first, last = self._local_day(opens), self._local_day(closes - _TICK)
            worked.update(first + timedelta(days=n) for n in range((last - first).days + 1))
        return len(worked - {self._local_day(since)})

    def check_opens(self, since: datetime) -> None:
        """Raise ``CalendarNeverOpens`` unless there is an open window within 366 days."""
        self.due(since, _TICK)

    @staticmethod
    def _check_gap(reached: int, opens: int) -> None:
        if opens - reached > _LONGEST_GAP:
            raise CalendarNeverOpens

    def _local_day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _local_year(self, at: datetime) -> int:
        return self._local_day(at).year

    def _year(self, year: int) -> _Year:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = _year_of(self._intervals(year))
        return known

    def _intervals(self, year: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        day, end = date(year, 1, 1), date(year + 1, 1, 1)
        while day < end:
            for window in self.hours.on(day):
                opens = _ticks(opening(day, minutes_of(window.opens), self._zone))
                closes = _ticks(closing(day, minutes_of(window.closes), self._zone))
                # Where clocks go back two windows may come to overlap; where they go forward one may vanish.
                if found and opens <= found[-1][1]:
                    opens = found.pop()[0] if closes >= found[-1][1] else closes
                if opens < closes:
                    found.append((opens, closes))
            day += timedelta(days=1)
        return found


def _year_of(intervals: list[tuple[int, int]]) -> _Year:
    after = list(accumulate(closes - opens for opens, closes in intervals))
    return _Year(
        starts=[opens for opens, _ in intervals],
        ends=[closes for _, closes in intervals],
        before=[0, *after[:-1]] if after else [],
        after=after,
    )


def _ticks(at: datetime) -> int:
    return (at - _EPOCH) // _TICK


def _instant(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK
