"""The only place where the current time is read."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class _Clock:
    """The time as the process sees it; a test may stop it."""

    def __init__(self) -> None:
        self.stopped_at: datetime | None = None


_clock = _Clock()


def utc_now() -> datetime:
    """Return the current instant, time-zone aware, in UTC."""
    return _clock.stopped_at or datetime.now(tz=UTC)


def epoch_seconds() -> float:
    """Return the current instant as seconds since 1970-01-01T00:00Z; deadlines travel in this form."""
    return _clock.stopped_at.timestamp() if _clock.stopped_at else time.time()


class StoppedClock:
    """Handle on a stopped clock: ``advance`` moves it, ``at`` sets it."""

    def advance(self, by: timedelta) -> datetime:
        """Move the clock by ``by`` and return the new instant."""
        self.at(utc_now() + by)
        return utc_now()

    def at(self, instant: datetime) -> None:
        """Set the clock to ``instant``, which must be time-zone aware."""
        if instant.tzinfo is None:
            raise ValueError("a clock is set to an instant with a time zone")
        _clock.stopped_at = instant.astimezone(UTC)


@contextmanager
def stopped(at: datetime) -> Iterator[StoppedClock]:
    """Stop the clock for the block; meant for tests."""
    handle = StoppedClock()
    before = _clock.stopped_at
    handle.at(at)
    try:
        yield handle
    finally:
        _clock.stopped_at = before
