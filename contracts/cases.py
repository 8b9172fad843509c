"""Events told by the cases service. What was written in a case stays there, but for what is sent to the customer."""

from dataclasses import dataclass
from uuid import UUID

from chassis.events import Event


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event, public=True):
    """A calendar works by other hours: its own changed, or a holiday set of it. ``number`` is the new version."""

    calendar_id: UUID
    name: str
    number: int


@dataclass(frozen=True, kw_only=True)
class ClocksRecalculated(Event, public=True):
    """After a change of a calendar all its open clocks were looked at; ``moved`` fall due at another instant now."""

    calendar_id: UUID
    number: int
    examined: int
    moved: int


@dataclass(frozen=True, kw_only=True)
class SlaPolicyChanged(Event, public=True):
    """A policy promises something else from now on. ``number`` is the new version of its terms."""

    policy_id: UUID
    name: str
    number: int
