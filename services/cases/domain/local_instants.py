"""From a time on the wall to the instant, on the two days of the year when clocks change as well."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY_MINUTES = 24 * 60


def opening(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which the wall shows ``minutes`` after midnight.

    A time that the spring change leaves out is the first instant after it; of a repeated one the first counts.
    """
    return _instant(day, minutes, zone, last=False)


def closing(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the same for the end of a window: of a repeated time the second counts; 24:00 is where the day ends."""
    return _instant(day, minutes, zone, last=minutes != _DAY_MINUTES)


def _instant(day: date, minutes: int, zone: ZoneInfo, *, last: bool) -> datetime:
    naive = datetime.combine(day, time.min) + timedelta(minutes=minutes)
    before, after = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    first, second = before.utcoffset(), after.utcoffset()
    assert first is not None
    assert second is not None
    if first == second:
        return before.astimezone(UTC)
    if first > second:
        return (after if last else before).astimezone(UTC)
    return _change(after.astimezone(UTC), before.astimezone(UTC), zone)


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant between ``low`` and ``high`` at which the zone's offset changes."""
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high
