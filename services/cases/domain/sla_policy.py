"""An SLA policy: whom it is for and what it promises; each change of its terms is a version of its own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from chassis.fields import Count, Flag, Id, Instant, Internal, Logged, Name, ReadOnly, value, values
from chassis.ids import new_id
from chassis.indexes import ForeignKey, unique
from chassis.model import Aggregate, Mapped, column
from contracts.service_levels import PolicyClocksRecalculated, SlaPolicyChanged
from services.cases.domain.base import Model
from services.cases.domain.minutes import Minutes
from services.cases.domain.percent import Percent
from services.cases.domain.priority import Priority
from services.cases.domain.recalculated import Recalculated
from services.cases.domain.sla_clock import Metric
from services.cases.domain.sla_terms import Level, MetricCalendar, NextResponse, OnChange, OnReopening, Target, Terms
from services.cases.errors import (
    DefaultPolicyIsIncomplete,
    DefaultPolicyStays,
    LevelIsNamedTwice,
    LevelSaysNotWhen,
    PriorityIsNamedTwice,
    ResponseLaterThanResolution,
)

WARNING_PERCENT: Final = 75
REOPENING_DAYS: Final = 5


class PolicyVersion(Model):
    """The terms of a policy as they were at a time. Never changed."""

    __tablename__ = "sla_policy_versions"
    __table_args__ = (unique("policy_id", "number"),)

    id: Mapped[Id] = column(primary_key=True, default=new_id)
    policy_id: Mapped[Id]
    number: Mapped[Count]
    terms: Mapped[Terms] = value(Terms)
    valid_from: Mapped[Instant]


class SlaPolicy(Recalculated, Aggregate, Model):
    """What is promised to whom.

    Of several that fit a case, the one for its customer comes first, then that of its type, then the one for its
    priority, then the default; among equals the lower ``position``.
    """

    __tablename__ = "sla_policies"
    resource: ClassVar = "sla-policies"

    name: Mapped[Logged[Name]] = column(unique=True)
    position: Mapped[Logged[Count]] = column(default=100, doc="Among policies that fit equally the lowest holds.")
    active: Mapped[Logged[Flag]] = column(default=True)
    is_default: Mapped[Logged[Flag]] = column(default=False, doc="It holds where no other fits; there is one.")
    applies_from: Mapped[Logged[Instant] | None] = column(doc="Cases born before are not measured by it.")
    company_ids: Mapped[Logged[list[Id]]] = values(Id, most=1000)
    priorities: Mapped[Logged[list[Priority]]] = values(Priority, most=4)
    calendar_id: Mapped[Logged[Id] | None] = column(ForeignKey("calendars.id"), index=True)
    metric_calendars: Mapped[Logged[list[MetricCalendar]]] = values(MetricCalendar, most=3)
    targets: Mapped[Logged[list[Target]]] = values(Target, most=4)
    levels: Mapped[Logged[list[Level]]] = values(Level, most=30)
    warning_percent: Mapped[Logged[Percent]] = column(
        default=WARNING_PERCENT, doc="The share of a target at which people are warned."
    )
    warning_minutes: Mapped[Logged[Minutes] | None] = column(
        doc="How much working time before the due instant people are warned; where given, the share does not count."
    )
    next_response: Mapped[Logged[NextResponse]] = column(default=NextResponse.UNANSWERED)
    on_change: Mapped[Logged[OnChange]] = column(default=OnChange.FROM_START)
    on_reopening: Mapped[Logged[OnReopening]] = column(default=OnReopening.CONTINUE)
    reopening_days: Mapped[Logged[Count]] = column(
        default=REOPENING_DAYS, doc="Working days after which reopening is a new, linked case."
    )
    outbound_answers: Mapped[Logged[Flag]] = column(
        default=True, doc="A case that begins with our own message or an answered call has its first response."
    )
    terms_id: Mapped[Internal[Id]]
    terms_number: Mapped[ReadOnly[Count]] = column(default=0, doc="Grows with each change of the terms.")

    def terms(self) -> Terms:
        """Return what the policy says now."""
        return Terms(
            name=self.name,
            targets=list(self.targets),
            levels=sorted(self.levels, key=lambda level: level.level),
            warning_percent=self.warning_percent,
            warning_minutes=self.warning_minutes,
            next_response=self.next_response,
            on_change=self.on_change,
            on_reopening=self.on_reopening,
            reopening_days=self.reopening_days,
            outbound_answers=self.outbound_answers,
        )

    def calendar_of(self, metric: Metric) -> UUID | None:
        """Return the calendar that counts for a metric, none for the default one."""
        own = next((each.calendar_id for each in self.metric_calendars if each.metric is metric), None)
        return own or self.calendar_id

    def change(self, changes: Mapping[str, Any]) -> None:
        """Apply a patch. Raises ``DefaultPolicyStays`` and what ``check`` raises."""
        was_default = self.is_default
        self.apply(changes)
        if was_default and not (self.is_default and self.active):
            raise DefaultPolicyStays
        self.check()

    def check(self) -> None:
        """Raise the refusal of whatever makes no sense in what the policy promises."""
        priorities = [target.priority for target in self.targets]
        if len(set(priorities)) < len(priorities):
            raise PriorityIsNamedTwice
        for target in self.targets:
            response, resolution = target.of(Metric.FIRST_RESPONSE), target.of(Metric.RESOLUTION)
            if response is not None and resolution is not None and response > resolution:
                raise ResponseLaterThanResolution(priority=target.priority)
            if self.is_default and (response is None or resolution is None):
                raise DefaultPolicyIsIncomplete(priority=target.priority)
        if self.is_default and (missing := [each for each in Priority if each not in priorities]):
            raise DefaultPolicyIsIncomplete(priority=missing[0])
        if self.is_default and not self.active:
            raise DefaultPolicyStays
        for level in self.levels:
            if (level.percent is None) == (level.minutes is None):
                raise LevelSaysNotWhen(level=level.level)
            if sum((each.metric, each.level) == (level.metric, level.level) for each in self.levels) > 1:
                raise LevelIsNamedTwice(metric=level.metric, level=level.level)

    def settle(self, at: datetime) -> PolicyVersion:
        """Promise by the present terms from now on, and tell of it."""
        version = PolicyVersion(policy_id=self.id, number=self.terms_number + 1, terms=self.terms(), valid_from=at)
        self.terms_id, self.terms_number = version.id, version.number
        self.record(SlaPolicyChanged(policy_id=self.id, name=self.name, number=version.number))
        return version

    def is_for(self) -> tuple[object, ...]:
        """Return what decides which cases the policy holds for; another answer may mean other cases."""
        return (
            self.active,
            self.is_default,
            self.applies_from,
            self.position,
            list(self.company_ids),
            list(self.priorities),
        )

    def counts_by(self) -> tuple[object, ...]:
        """Return by which calendars its clocks count."""
        return self.calendar_id, list(self.metric_calendars)

    def note_recalculation(self, examined: int, moved: int) -> None:
        """Say how many open clocks a change of the policy concerned and how many it moved."""
        self.counted(examined, moved)
        told = PolicyClocksRecalculated(
            policy_id=self.id, name=self.name, number=self.terms_number, examined=examined, moved=moved
        )
        self.record(told)

    def use_instead(self, calendar_id: UUID, replacement_id: UUID) -> None:
        """Count by another calendar wherever ``calendar_id`` was named."""
        if self.calendar_id == calendar_id:
            self.calendar_id = replacement_id
        self.metric_calendars = [
            replace(each, calendar_id=replacement_id) if each.calendar_id == calendar_id else each
            for each in self.metric_calendars
        ]

    def step_down(self) -> None:
        """Give way to another default."""
        self.is_default = False
