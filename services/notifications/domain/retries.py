"""When what failed outside is tried again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)

# Four days and four hours in all; the last one is followed by giving up.
WEBHOOK_DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    2 * _MINUTE,
    10 * _MINUTE,
    30 * _MINUTE,
    *(hours * _HOUR for hours in (1, 2, 4, 8, 12, 24, 24, 24)),
)
# While a receiver does not answer at all one call now and then is enough to notice that it is back.
WEBHOOK_PAUSES: Final = (*WEBHOOK_DELAYS[:5], _HOUR)
WEBHOOK_GIVES_UP: Final = timedelta(days=5)  # of nothing but failures
# Mail servers expect to be asked again for about five days (RFC 5321, 4.5.4.1).
MAIL_DELAYS: Final = (
    _MINUTE,
    5 * _MINUTE,
    15 * _MINUTE,
    30 * _MINUTE,
    *(hours * _HOUR for hours in (1, 2, 4, 8, 12, 24, 24, 24)),
)


def delay_after(failures: int, delays: Sequence[timedelta]) -> timedelta | None:
    """Return how long to wait after the ``failures``-th failure in a row, or None where that was the last."""
    return delays[failures - 1] if failures <= len(delays) else None


def pause_after(failures: int) -> timedelta:
    """Return how long a receiver is left alone after failing ``failures`` times in a row."""
    return WEBHOOK_PAUSES[min(failures, len(WEBHOOK_PAUSES)) - 1]
