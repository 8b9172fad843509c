"""What is shown of a case beside its columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from chassis.fields import Count, Flag, Id, Instant, LongText, Name, Slug
from chassis.translated import Translated
from services.cases.domain.business_time import BusinessTime
from services.cases.domain.clock_record import SlaClock
from services.cases.domain.precondition import Unmet
from services.cases.domain.sla_account import Interval, account_of
from services.cases.domain.sla_clock import Cause, ClockState, Metric, Reading
from services.cases.domain.sla_terms import Terms
from services.cases.domain.task import CaseTask, ProjectTask, TaskState
from services.cases.domain.workflow import Category


@dataclass(frozen=True, kw_only=True)
class ClockCard:
    """A clock at the instant of the answer. Durations are working time, but for ``late_wall_seconds``.

    While it stands still nothing is due.
    """

    id: Id
    metric: Metric
    instance: Count
    state: ClockState
    policy: Name
    target_seconds: Count
    elapsed_seconds: Count
    paused_seconds: Count
    remaining_seconds: Count
    due_at: Instant | None
    warned_at: Instant | None
    breached_at: Instant | None
    breach_cause: Cause | None
    met_at: Instant | None
    late_seconds: Count
    late_wall_seconds: Count
    cancelled_because: Slug | None


@dataclass(frozen=True, kw_only=True)
class Account:
    """A clock with everything that explains it: its versions, and every minute of its life."""

    clock: ClockCard
    time_zone: Name
    policy_version_id: Id
    calendar_version_id: Id
    met_before: list[Instant]
    superseded_breaches: list[Instant]
    intervals: list[Interval]


@dataclass(frozen=True, kw_only=True)
class TaskCard:
    """A task as its case or project shows it."""

    id: Id
    title: Name
    description: LongText | None
    required: Flag
    assignee_id: Id | None
    due_at: Instant | None
    state: TaskState


@dataclass(frozen=True, kw_only=True)
class Possibility:
    """A transition that leads on from the present state; what keeps it from being taken is in ``unmet``."""

    transition: Slug
    name: Translated
    to: Slug
    category: Category
    possible: Flag
    unmet: list[Unmet]


@dataclass(frozen=True, kw_only=True)
class Actions:
    """What the caller may do now with a case, and which fields they may change."""

    state: Slug
    category: Category
    transitions: list[Possibility]
    verbs: list[Slug]
    fields: list[Name]


def clock_card(clock: SlaClock, reading: Reading, terms: Terms) -> ClockCard:
    """Return a clock as its case shows it."""
    return ClockCard(
        id=clock.id,
        metric=clock.metric,
        instance=clock.instance,
        state=reading.state,
        policy=terms.name,
        target_seconds=_seconds(reading.target),
        elapsed_seconds=_seconds(reading.elapsed),
        paused_seconds=_seconds(reading.paused),
        remaining_seconds=_seconds(reading.remaining),
        due_at=reading.due_at,
        warned_at=clock.warned_at,
        breached_at=reading.breached_at,
        breach_cause=reading.breach_cause,
        met_at=reading.met_at,
        late_seconds=_seconds(reading.late),
        late_wall_seconds=_seconds(reading.late_wall),
        cancelled_because=clock.cancelled_because,
    )


def account(clock: SlaClock, reading: Reading, terms: Terms, time: BusinessTime) -> Account:
    """Return a clock with its account."""
    return Account(
        clock=clock_card(clock, reading, terms),
        time_zone=time.hours.time_zone,
        policy_version_id=clock.policy_version_id,
        calendar_version_id=clock.calendar_version_id,
        met_before=list(reading.met_before),
        superseded_breaches=[each.at for each in reading.superseded],
        intervals=account_of(reading, time),
    )


def task_cards(tasks: Sequence[CaseTask | ProjectTask]) -> list[TaskCard]:
    """Return tasks as their case or project shows them."""
    return [
        TaskCard(**{name: getattr(task, name) for name in TaskCard.__dataclass_fields__})
        for task in sorted(tasks, key=lambda task: (task.position, task.id))
    ]


def _seconds(duration: timedelta) -> int:
    return duration // timedelta(seconds=1)
