"""The SLA clock: what happened to it, and what that means at an instant. A pure function, nothing is remembered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chassis.fields import Count, Instant, Slug
from chassis.words import Worded
from services.cases.domain.business_time import BusinessTime

NONE: Final = timedelta()


class Metric(Worded):
    """What is promised: first answer, next answer, resolution."""

    FIRST_RESPONSE = "first_response", "primera respuesta"
    NEXT_RESPONSE = "next_response", "siguiente respuesta"
    RESOLUTION = "resolution", "resolución"


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What may happen to a clock."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    MET = "met"
    REOPENED = "reopened"
    POLICY_CHANGED = "policy_changed"
    CALENDAR_CHANGED = "calendar_changed"
    CANCELLED = "cancelled"


class Basis(StrEnum):
    """Where a changed target counts from."""

    FROM_START = "from_start"
    FROM_CHANGE = "from_change"


class Cause(StrEnum):
    """Why a clock is late."""

    TIME = "time"
    POLICY_CHANGED = "policy_changed"
    CALENDAR_CHANGED = "calendar_changed"


@dataclass(frozen=True, kw_only=True)
class ClockEvent:
    """One thing that happened to a clock, in the order of ``at``; a target comes with the start and with a policy."""

    step: Step
    at: Instant
    target_seconds: Count | None = None
    basis: Basis = Basis.FROM_START
    because: Slug | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """The clock ran past its due instant. One that a later policy put right is superseded, never forgotten."""

    at: datetime
    cause: Cause = Cause.TIME
    superseded_at: datetime | None = None


class Span(StrEnum):
    """What a stretch of a clock's life was."""

    RUNNING = "running"
    PAUSED = "paused"
    RESOLVED = "resolved"
    BEFORE_CHANGE = "before_change"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """From one thing that happened to the next."""

    kind: Span
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a clock says at ``at``. Durations are working time, but for ``late_wall``, which counts by the wall.

    ``due_at`` is none while nothing can fall due.
    """

    at: datetime
    state: ClockState
    target: timedelta
    elapsed: timedelta
    paused: timedelta
    due_at: datetime | None
    breached_at: datetime | None
    breach_cause: Cause | None
    late: timedelta
    late_wall: timedelta
    met_at: datetime | None
    met_before: tuple[datetime, ...]
    superseded: tuple[Breach, ...]
    stretches: tuple[Stretch, ...]
    running_since: datetime | None
    elapsed_before: timedelta

    @property
    def remaining(self) -> timedelta:
        """What is left of the target; nothing once it is used up."""
        return max(NONE, self.target - self.elapsed)

    @property
    def is_open(self) -> bool:
        """Whether it still runs or may run again by itself."""
        return self.state in {ClockState.RUNNING, ClockState.PAUSED}

    def reaches(self, amount: timedelta, time: BusinessTime) -> datetime | None:
        """Return when ``amount`` is used up if nothing happens any more; none unless the clock runs."""
        if self.running_since is None:
            return None
        return time.due(self.running_since, amount - self.elapsed_before)


class _Tally:
    """The walk over what happened."""

    def __init__(self, time: BusinessTime, exempt_until: datetime | None) -> None:
        self.time = time
        self.state = ClockState.CANCELLED
        self.since: datetime | None = None
        self.target = self.used = self.paused = self.used_at_breach = NONE
        self.due_at: datetime | None = None
        self.breaches: list[Breach] = []
        self.late = False
        self.met: list[datetime] = []
        self.stretches: list[Stretch] = []
        self._changed: Cause | None = None
        self._exempt_until = exempt_until

    def go(self, state: ClockState, at: datetime, cause: Cause | None = None) -> None:
        """Enter a state at an instant, having closed the stretch before it."""
        self.state, self.since, self._changed = state, at, cause

    def close(self, until: datetime, *, still_open: bool = False) -> None:
        """Count the present stretch up to ``until``; one that is still open is late from its due instant on."""
        if self.since is None:
            return
        since = self.since
        passed = self.time.elapsed(since, until)
        if self.state is ClockState.RUNNING:
            self._check(since, until, still_open=still_open)
            self._note(Span.RUNNING, since, until)
            self.used += passed
        elif self.state is ClockState.PAUSED:
            self._note(Span.PAUSED, since, until)
            self.paused += passed
        elif self.state is ClockState.MET and not still_open:
            self._note(Span.RESOLVED, since, until)

    def aim(self, target: timedelta, basis: Basis, at: datetime) -> None:
        """Take another target; a breach that it puts right is superseded."""
        self.target = target
        if basis is Basis.FROM_CHANGE:
            self.used = NONE
            self.stretches = [
                replace(each, kind=Span.BEFORE_CHANGE) if each.kind is Span.RUNNING else each for each in self.stretches
            ]
        if self.late and self.used < target:
            self.breaches[-1] = replace(self.breaches[-1], superseded_at=at)
            self.late = False

    def _check(self, since: datetime, until: datetime, *, still_open: bool) -> None:
        if self.late:
            return
        left = self.target - self.used
        due = self.due_at = self.time.due(since, left)
        # What a calendar that did not hold yet would have called late was not late.
        if self._exempt_until is not None and since < self._exempt_until:
            return
        if due < until or (still_open and due <= until):
            changed = self._changed if left <= NONE else None
            self.breaches.append(Breach(at=due, cause=changed or Cause.TIME))
            self.late = True
            self.used_at_breach = max(self.used, self.target)

    def _note(self, kind: Span, since: datetime, until: datetime) -> None:
        if until > since:
            self.stretches.append(Stretch(kind=kind, since=since, until=until))


def read(events: Sequence[ClockEvent], time: BusinessTime, at: datetime) -> Reading:
    """Return what a clock says at the instant ``at``, by what happened to it until then.

    Raises ``CalendarNeverOpens``. A pause ends where the clock is met; paused time counts where it was working time.
    """
    changes = [event.at for event in events if event.step is Step.CALENDAR_CHANGED]
    tally = _Tally(time, changes[-1] if changes else None)
    for event in events:
        if event.at > at:
            break
        _follow(tally, event)
    return _reading(tally, at)


def _follow(tally: _Tally, event: ClockEvent) -> None:
    tally.close(event.at)
    step = event.step
    target = timedelta(seconds=event.target_seconds or 0)
    if step is Step.STARTED:
        tally.target = target
        tally.go(ClockState.RUNNING, event.at)
    elif step is Step.PAUSED:
        tally.go(ClockState.PAUSED, event.at)
    elif step in {Step.RESUMED, Step.REOPENED}:
        tally.go(ClockState.RUNNING, event.at)
    elif step is Step.MET:
        if tally.state is ClockState.PAUSED and not tally.late:
            tally.due_at = tally.time.due(event.at, tally.target - tally.used)
        tally.met.append(event.at)
        tally.go(ClockState.MET, event.at)
    elif step is Step.POLICY_CHANGED:
        tally.aim(target, event.basis, event.at)
        tally.go(tally.state, event.at, Cause.POLICY_CHANGED)
    elif step is Step.CALENDAR_CHANGED:
        tally.go(tally.state, event.at, Cause.CALENDAR_CHANGED)
    else:
        tally.go(ClockState.CANCELLED, event.at)


def _ended(tally: _Tally, at: datetime) -> datetime:
    return tally.since if tally.since and tally.state in {ClockState.MET, ClockState.CANCELLED} else at


def _reading(tally: _Tally, at: datetime) -> Reading:
    running = tally.state is ClockState.RUNNING
    since, before = tally.since, tally.used
    if tally.state is not ClockState.CANCELLED:
        tally.close(at, still_open=True)
    late = tally.breaches[-1] if tally.late else None
    due = tally.due_at if late is None else late.at
    if tally.state in {ClockState.PAUSED, ClockState.CANCELLED} and late is None:
        due = None
    return Reading(
        at=at,
        state=tally.state,
        target=tally.target,
        elapsed=tally.used,
        paused=tally.paused,
        due_at=due,
        breached_at=late.at if late else None,
        breach_cause=late.cause if late else None,
        late=max(NONE, tally.used - tally.used_at_breach) if late else NONE,
        late_wall=_ended(tally, at) - late.at if late else NONE,
        met_at=tally.met[-1] if tally.state is ClockState.MET else None,
        met_before=tuple(tally.met[:-1] if tally.state is ClockState.MET else tally.met),
        superseded=tuple(each for each in tally.breaches if each.superseded_at is not None),
        stretches=tuple(tally.stretches),
        running_since=since if running else None,
        elapsed_before=before,
    )
