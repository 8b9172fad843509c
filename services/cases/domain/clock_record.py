"""A clock of a case as it is kept: what happened to it, and what that meant when it was last looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from chassis.fields import Count, Id, Instant, values
from chassis.indexes import ForeignKey, index, index_where, unique
from chassis.model import Aggregate, Mapped, column
from services.cases.domain.base import Model
from services.cases.domain.business_time import BusinessTime
from services.cases.domain.sla_clock import (
    Basis,
    Cause,
    ClockEvent,
    ClockState,
    Metric,
    Reading,
    Step,
    read,
)
from services.cases.domain.sla_terms import Level, Terms


class Rings(StrEnum):
    """What an alarm is about."""

    WARNING = "warning"
    BREACH = "breach"
    LEVEL = "level"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """Something to be told at an instant."""

    at: datetime
    rings: Rings
    level: Level | None = None


class SlaClock(Aggregate, Model):
    """One metric of one case, once: a next response has a clock for each time that the customer waits."""

    __tablename__ = "sla_clocks"
    __table_args__ = (
        unique("case_id", "metric", "instance"),
        index("ix_sla_clocks_running", "calendar_version_id", "state"),
        index_where("ix_sla_clocks_met", "met_at IS NOT NULL", "met_at"),
        index_where("ix_sla_clocks_late", "breached_at IS NOT NULL", "breached_at"),
    )
    resource: ClassVar = "sla-clocks"

    case_id: Mapped[Id] = column(ForeignKey("cases.id"))
    metric: Mapped[Metric]
    instance: Mapped[Count] = column(default=1)
    policy_version_id: Mapped[Id]
    calendar_version_id: Mapped[Id]
    trigger_id: Mapped[Id | None] = column(doc="The customer's message that is waiting for an answer.")
    happened: Mapped[list[ClockEvent]] = values(ClockEvent)
    state: Mapped[ClockState] = column(default=ClockState.RUNNING)
    started_at: Mapped[Instant]
    target_seconds: Mapped[Count] = column(default=0)
    elapsed_seconds: Mapped[Count] = column(default=0)
    paused_seconds: Mapped[Count] = column(default=0)
    late_seconds: Mapped[Count] = column(default=0)
    due_at: Mapped[Instant | None] = column(index=True)
    warned_at: Mapped[Instant | None]
    breached_at: Mapped[Instant | None]
    breach_cause: Mapped[Cause | None]
    met_at: Mapped[Instant | None]
    levels_fired: Mapped[list[Count]] = values(Count)

    @property
    def is_open(self) -> bool:
        """Whether it runs or stands still."""
        return self.state in {ClockState.RUNNING, ClockState.PAUSED}

    @property
    def cancelled_because(self) -> str | None:
        """Why nobody waits for it any more."""
        return self.happened[-1].because if self.state is ClockState.CANCELLED else None

    def reading(self, at: datetime, time: BusinessTime) -> Reading:
        """Return what the clock says at an instant."""
        return read(self.happened, time, at)

    def happen(
        self,
        step: Step,
        at: datetime,
        *,
        target: timedelta | None = None,
        basis: Basis = Basis.FROM_START,
        because: str | None = None,
    ) -> None:
        """Add to what happened to it. What that means is known once it is settled."""
        seconds = None if target is None else target // timedelta(seconds=1)
        # Two things in one instant keep their order; nothing happens before what is known to have happened.
        at = max(at, self.happened[-1].at) if self.happened else at
        event = ClockEvent(step=step, at=at, target_seconds=seconds, basis=basis, because=because)
        self.happened = [*self.happened, event]

    def settle(self, reading: Reading) -> None:
        """Keep what a reading says, so that it can be listed, sorted and counted."""
        kept = {
            "state": reading.state,
            "target_seconds": _seconds(reading.target),
            "elapsed_seconds": _seconds(reading.elapsed),
            "paused_seconds": _seconds(reading.paused),
            "late_seconds": _seconds(reading.late),
            "due_at": reading.due_at,
            "met_at": reading.met_at,
        }
        for name, value in kept.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
        if reading.breached_at is None and self.breached_at is not None:
            self.breached_at = self.breach_cause = None

    def due_alarms(self, reading: Reading, terms: Terms, time: BusinessTime) -> Iterator[Alarm]:
        """Return what has to be told by the instant of the reading and was not told yet."""
        if reading.state is not ClockState.RUNNING:
            return
        for amount, rings, level in self._untold(reading, terms):
            # To have used so much and to have reached the instant at which it is used up are the same.
            if amount <= reading.elapsed:
                reached = reading.breached_at if rings is Rings.BREACH else None
                at = reached or reading.reaches(amount, time)
                assert at is not None, "a running clock reaches every threshold"
                yield Alarm(at=at, rings=rings, level=level)

    def next_alarm(self, reading: Reading, terms: Terms, time: BusinessTime) -> datetime | None:
        """Return when something has to be told next, if nothing happens before and all that is due was told."""
        if reading.state is not ClockState.RUNNING:
            return None
        first = min((amount for amount, _, _ in self._untold(reading, terms)), default=None)
        return None if first is None else reading.reaches(first, time)

    def _untold(self, reading: Reading, terms: Terms) -> Iterator[tuple[timedelta, Rings, Level | None]]:
        """Return what is to be told some time, each with how much of the clock must be used up for it."""
        if self.breached_at is None:
            yield reading.target, Rings.BREACH, None
        if self.warned_at is None:
            yield terms.warning(reading.target), Rings.WARNING, None
        for level in terms.levels:
            if level.metric is self.metric and level.level not in self.levels_fired:
                yield level.threshold(reading.target), Rings.LEVEL, level


def _seconds(duration: timedelta) -> int:
    return duration // timedelta(seconds=1)
