"""The account of a clock: every minute from its start to now, and whether and why it counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.fields import Count, Flag, Instant
from services.cases.domain.business_time import BusinessTime
from services.cases.domain.sla_clock import Reading, Span, Stretch


class Why(StrEnum):
    """What an interval was."""

    WORKING = "working"
    CLOSED = "closed"
    PAUSED = "paused"
    RESOLVED = "resolved"
    BEFORE_CHANGE = "before_change"


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A stretch of time without a gap to its neighbours; ``seconds`` is what it added to the clock."""

    since: Instant
    until: Instant
    counted: Flag
    why: Why
    seconds: Count


def account_of(reading: Reading, time: BusinessTime) -> list[Interval]:
    """Return the intervals of a clock's life up to the reading, in order, without gaps."""
    return [interval for stretch in reading.stretches for interval in _parts(stretch, time)]


def _parts(stretch: Stretch, time: BusinessTime) -> Iterator[Interval]:
    since, until = stretch.since, stretch.until
    if stretch.kind is not Span.RUNNING:
        yield _interval(since, until, Why(stretch.kind.value))
        return
    reached = since
    for opens, closes in time.windows(since, until):
        if opens > reached:
            yield _interval(reached, opens, Why.CLOSED)
        yield _interval(opens, closes, Why.WORKING)
        reached = closes
    if reached < until:
        yield _interval(reached, until, Why.CLOSED)


def _interval(since: datetime, until: datetime, why: Why) -> Interval:
    counted = why is Why.WORKING
    seconds = (until - since) // timedelta(seconds=1) if counted else 0
    return Interval(since=since, until=until, counted=counted, why=why, seconds=seconds)
