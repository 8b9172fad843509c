"""All clocks of one case: what its life does to them, and what they have to tell."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from contracts.cases import (
    CaseEscalated,
    SlaBreached,
    SlaCancelled,
    SlaMet,
    SlaPaused,
    SlaRecalculated,
    SlaResumed,
    SlaStarted,
    SlaWarned,
)
from services.cases.domain.business_time import BusinessTime
from services.cases.domain.case import Case, SlaState
from services.cases.domain.clock_record import Alarm, Rings, SlaClock
from services.cases.domain.sla_clock import Basis, Cause, ClockState, Metric, Reading, Step
from services.cases.domain.sla_terms import Level, Terms

Times = Callable[[UUID], BusinessTime]
AllTerms = Callable[[UUID], Terms]


class Named(TypedDict):
    """What every event of a clock says."""

    clock_id: UUID
    metric: str
    instance: int


def _named(clock: SlaClock) -> Named:
    return Named(clock_id=clock.id, metric=clock.metric.value, instance=clock.instance)


class CaseClocks:
    """The clocks of a case at one instant. First it catches up with what fell due, then things may happen.

    ``times`` and ``terms`` give the arithmetic of a calendar's version and the terms of a policy's.
    """

    def __init__(self, case: Case, clocks: Iterable[SlaClock], times: Times, terms: AllTerms, at: datetime) -> None:
        self.case, self.at = case, at
        self.clocks = list(clocks)
        self.started: list[SlaClock] = []
        self.has_told = False
        self._times, self._terms = times, terms
        self._readings: dict[UUID, tuple[object, UUID, Reading]] = {}
        self.catch_up()

    def open(self, *metrics: Metric) -> list[SlaClock]:
        """Return the clocks of these metrics that run or stand still."""
        return [clock for clock in self.clocks if clock.is_open and clock.metric in metrics]

    def latest(self, metric: Metric) -> SlaClock | None:
        """Return the last clock of a metric."""
        mine = [clock for clock in self.clocks if clock.metric is metric]
        return max(mine, key=lambda clock: clock.instance, default=None)

    def start(
        self,
        metric: Metric,
        target: timedelta,
        *,
        policy_version_id: UUID,
        calendar_version_id: UUID,
        trigger_id: UUID | None = None,
        since: datetime | None = None,
    ) -> SlaClock:
        """Have another clock run from now on, or since an instant before."""
        before = self.latest(metric)
        clock = SlaClock(
            case_id=self.case.id,
            metric=metric,
            instance=before.instance + 1 if before else 1,
            policy_version_id=policy_version_id,
            calendar_version_id=calendar_version_id,
            trigger_id=trigger_id,
            started_at=since or self.at,
        )
        clock.happen(Step.STARTED, since or self.at, target=target)
        reading = self._settle(clock)
        self.clocks.append(clock)
        self.started.append(clock)
        self.case.record(
            SlaStarted(
                **self.case.about,
                **_named(clock),
                policy=self._terms(policy_version_id).name,
                target_seconds=clock.target_seconds,
                due_at=reading.due_at,
            )
        )
        return clock

    def meet(self, *metrics: Metric) -> None:
        """What these metrics measure has been done now."""
        for clock in self.open(*metrics):
            clock.happen(Step.MET, self.at)
            reading = self._settle(clock)
            self.case.record(
                SlaMet(
                    **self.case.about,
                    **_named(clock),
                    met_at=self.at,
                    in_time=reading.breached_at is None,
                    elapsed_seconds=clock.elapsed_seconds,
                    late_seconds=clock.late_seconds,
                )
            )

    def stand_still(self, metrics: Iterable[Metric]) -> None:
        """Pause the clocks of these metrics and have all others run."""
        paused = set(metrics)
        for clock in self.open(*Metric):
            if clock.metric in paused and clock.state is ClockState.RUNNING:
                clock.happen(Step.PAUSED, self.at)
                reading = self._settle(clock)
                remaining = reading.remaining // timedelta(seconds=1)
                self.case.record(SlaPaused(**self.case.about, **_named(clock), remaining_seconds=remaining))
            elif clock.metric not in paused and clock.state is ClockState.PAUSED:
                self._run_again(clock, Step.RESUMED)

    def go_on(self, metric: Metric) -> None:
        """Have the last clock of a metric, met before, run again with what was left of it."""
        clock = self.latest(metric)
        if clock is not None and clock.state is ClockState.MET:
            self._run_again(clock, Step.REOPENED)

    def cancel(self, *metrics: Metric, because: str) -> None:
        """Nobody waits for these any more; they count neither as met nor as late."""
        for clock in self.open(*metrics):
            clock.happen(Step.CANCELLED, self.at, because=because)
            self._settle(clock)
            self.case.record(SlaCancelled(**self.case.about, **_named(clock), because=because))

    def retarget(self, clock: SlaClock, target: timedelta, policy_version_id: UUID, basis: Basis) -> None:
        """Have other terms for a clock that runs; where they ask for the same, it runs on untouched."""
        was, now = self._terms_of(clock), self._terms(policy_version_id)
        clock.policy_version_id = policy_version_id
        if target // timedelta(seconds=1) == clock.target_seconds:
            if was.tells_as(now):
                return
            # What the clock has to tell by the new terms counts from the change, not from before it.
            basis = Basis.FROM_START
        before = clock.due_at
        clock.happen(Step.POLICY_CHANGED, self.at, target=target, basis=basis)
        self._recalculated(clock, before, Cause.POLICY_CHANGED)

    def recalendar(self, clock: SlaClock, calendar_version_id: UUID) -> bool:
        """Count a clock by other hours, unless it is late already; returns whether it falls due at another instant."""
        if clock.breached_at is not None:
            return False
        before = clock.due_at
        left = self._settle(clock).remaining
        clock.calendar_version_id = calendar_version_id
        clock.happen(Step.CALENDAR_CHANGED, self.at)
        reading = self._recalculated(clock, before, Cause.CALENDAR_CHANGED)
        return before != clock.due_at or (reading.state is ClockState.PAUSED and reading.remaining != left)

    def catch_up(self) -> dict[UUID, Reading]:
        """Tell, in the order in which it fell due, what has to be told by now; returns what open clocks say."""
        due: list[tuple[Alarm, SlaClock]] = []
        readings: dict[UUID, Reading] = {}
        for clock in self.open(*Metric):
            reading = readings[clock.id] = self._settle(clock)
            due += [(alarm, clock) for alarm in clock.due_alarms(reading, self._terms_of(clock), self._time_of(clock))]
        for alarm, clock in sorted(due, key=lambda each: (each[0].at, list(Rings).index(each[0].rings))):
            self.has_told = True
            self._ring(alarm, clock)
        return readings

    def settle(self) -> datetime | None:
        """Sum up the clocks on the case and return when something has to be told next."""
        readings = self.catch_up()
        running = self.open(*Metric)
        case = self.case
        self._put("next_due_at", min((each.due_at for each in running if each.due_at is not None), default=None))
        if any(each.breached_at is not None for each in self.clocks):
            state = SlaState.BREACHED
        elif any(each.warned_at is not None for each in running):
            state = SlaState.WARNED
        else:
            state = SlaState.ON_TRACK if self.clocks else SlaState.NONE
        if case.sla_state is not state:
            case.sla_state = state
        alarms = (each.next_alarm(readings[each.id], self._terms_of(each), self._time_of(each)) for each in running)
        return min((at for at in alarms if at is not None), default=None)

    def _run_again(self, clock: SlaClock, step: Step) -> None:
        clock.happen(step, self.at)
        reading = self._settle(clock)
        self.case.record(SlaResumed(**self.case.about, **_named(clock), due_at=reading.due_at))

    def _recalculated(self, clock: SlaClock, before: datetime | None, cause: Cause) -> Reading:
        reading = self._settle(clock)
        if clock.due_at != before:
            self.case.record(
                SlaRecalculated(
                    **self.case.about, **_named(clock), cause=cause.value, before=before, due_at=clock.due_at
                )
            )
        return reading

    def _ring(self, alarm: Alarm, clock: SlaClock) -> None:
        case = self.case
        owner, resolver = case.owner_id, case.resolver_id
        if alarm.rings is Rings.WARNING:
            clock.warned_at = alarm.at
            target = timedelta(seconds=clock.target_seconds)
            percent = self._terms_of(clock).warning(target) * 100 // target if target else 100
            case.record(
                SlaWarned(
                    **case.about,
                    **_named(clock),
                    percent=percent,
                    warned_at=alarm.at,
                    due_at=clock.due_at,
                    responsible_id=owner,
                    resolver_id=resolver,
                )
            )
        elif alarm.rings is Rings.BREACH:
            cause = self._settle(clock).breach_cause or Cause.TIME
            clock.breached_at, clock.breach_cause = alarm.at, cause
            case.record(
                SlaBreached(
                    **case.about,
                    **_named(clock),
                    breached_at=alarm.at,
                    cause=cause.value,
                    responsible_id=owner,
                    resolver_id=resolver,
                )
            )
        else:
            assert alarm.level is not None, "a level rings for itself"
            self._escalate(alarm.level, clock, alarm.at)

    def _escalate(self, level: Level, clock: SlaClock, reached_at: datetime) -> None:
        case = self.case
        clock.levels_fired = [*clock.levels_fired, level.level]
        if level.resolver_id is not None:
            because = f"escalation {level.level}"
            case.assign(
                responsible_id=case.owner_id, resolver_id=level.resolver_id, group_id=case.group_id, because=because
            )
        case.record(
            CaseEscalated(
                **case.about,
                subject=case.subject,
                level=level.level,
                metric=clock.metric.value,
                cause="clock",
                reached_at=reached_at,
                notify=list(level.notify),
                responsible_id=case.owner_id,
                resolver_id=case.resolver_id,
            )
        )

    def _settle(self, clock: SlaClock) -> Reading:
        """Return what a clock says now and keep it; worked out anew where something happened or its hours changed."""
        known = self._readings.get(clock.id)
        if known is not None and known[0] is clock.happened and known[1] == clock.calendar_version_id:
            return known[2]
        reading = clock.reading(self.at, self._time_of(clock))
        self._readings[clock.id] = (clock.happened, clock.calendar_version_id, reading)
        clock.settle(reading)
        return reading

    def _time_of(self, clock: SlaClock) -> BusinessTime:
        return self._times(clock.calendar_version_id)

    def _terms_of(self, clock: SlaClock) -> Terms:
        return self._terms(clock.policy_version_id)

    def _put(self, name: str, value: object) -> None:
        if getattr(self.case, name) != value:
            setattr(self.case, name, value)
