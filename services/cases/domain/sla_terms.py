"""What a policy promises: targets for each priority, warning, escalation, and what changes do to running clocks."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from chassis.fields import Count, Flag, Id, Name, Slug
from services.cases.domain.minutes import Minutes, MinutesAround, Seconds
from services.cases.domain.percent import Percent
from services.cases.domain.priority import Priority
from services.cases.domain.sla_clock import Metric


class NextResponse(StrEnum):
    """When the next answer is owed: from the first unanswered message, or regularly while the case is open."""

    UNANSWERED = "unanswered"
    PERIODIC = "periodic"


class OnChange(StrEnum):
    """What another priority or policy does to clocks that run."""

    FROM_START = "from_start"
    FROM_CHANGE = "from_change"
    NEW_CASES = "new_cases"


class OnReopening(StrEnum):
    """What becomes of the resolution clock when a case is reopened."""

    CONTINUE = "continue"
    RESTART = "restart"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is promised to cases of one priority, in working time: minutes, and seconds that are added to them."""

    priority: Priority
    first_response_minutes: Minutes | None = None
    next_response_minutes: Minutes | None = None
    resolution_minutes: Minutes | None = None
    # Chats and calls are answered within seconds.
    first_response_seconds: Seconds | None = None
    next_response_seconds: Seconds | None = None
    resolution_seconds: Seconds | None = None

    def of(self, metric: Metric) -> timedelta | None:
        """Return the target of a metric, none where nothing is promised."""
        minutes: int | None = getattr(self, f"{metric.value}_minutes")
        seconds: int | None = getattr(self, f"{metric.value}_seconds")
        if minutes is None and seconds is None:
            return None
        return timedelta(minutes=minutes or 0, seconds=seconds or 0)


@dataclass(frozen=True, kw_only=True)
class Level:
    """Who must know, or take over, when a metric comes close to its target or runs past it.

    It fires at ``percent`` of the target, or ``minutes`` of working time after it (before it where negative).
    """

    level: Count
    metric: Metric
    percent: Percent | None = None
    minutes: MinutesAround | None = None
    notify: list[Slug] = field(default_factory=list)
    resolver_id: Id | None = None

    def threshold(self, target: timedelta) -> timedelta:
        """Return how much of the clock must be used up for the level to fire."""
        if self.percent is not None:
            return target * self.percent / 100
        return max(timedelta(), target + timedelta(minutes=self.minutes or 0))


@dataclass(frozen=True, kw_only=True)
class MetricCalendar:
    """A calendar that one metric has for itself."""

    metric: Metric
    calendar_id: Id


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Everything a policy says, as it stood when a clock began to run by it."""

    name: Name
    targets: list[Target]
    levels: list[Level]
    warning_percent: Percent
    next_response: NextResponse
    on_change: OnChange
    on_reopening: OnReopening
    reopening_days: Count
    outbound_answers: Flag
    warning_minutes: Minutes | None = None

    def warning(self, target: timedelta) -> timedelta:
        """Return how much of a clock must be used up for people to be warned."""
        if self.warning_minutes is None:
            return target * self.warning_percent / 100
        return max(timedelta(), target - timedelta(minutes=self.warning_minutes))

    def tells_as(self, other: "Terms") -> bool:
        """Whether the same is told by both, of a clock with one target."""
        return (self.warning_percent, self.warning_minutes, self.levels) == (
            other.warning_percent,
            other.warning_minutes,
            other.levels,
        )

    def target(self, metric: Metric, priority: Priority) -> timedelta | None:
        """Return the target of a metric at a priority, none where nothing is promised."""
        return next((each.of(metric) for each in self.targets if each.priority is priority), None)
