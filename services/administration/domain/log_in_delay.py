"""How long somebody waits after failing to log in; a pure function of the failures in a row."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

Slowed = Literal["username", "address"]

# A person mistypes a few times; an office behind one address has many persons.
FREE_FAILURES: Final[Mapping[Slowed, int]] = {"username": 3, "address": 20}
FORGOTTEN_AFTER: Final = timedelta(hours=24)
_LAST_DOUBLING: Final = 30


def delay_after(failures: int, slowed: Slowed, longest: timedelta) -> timedelta:
    """Return the delay after so many failures in a row: nothing at first, then 1 s, 2 s, 4 s … up to ``longest``."""
    beyond = failures - FREE_FAILURES[slowed]
    if beyond < 0:
        return timedelta()
    return min(timedelta(seconds=2 ** min(beyond, _LAST_DOUBLING)), longest)


def failures_after(failures: int, last_failed_at: datetime | None, now: datetime) -> int:
    """Return the failures in a row including the one at ``now``; a day without failures forgets the old ones."""
    if last_failed_at is None or now - last_failed_at > FORGOTTEN_AFTER:
        return 1
    return failures + 1
