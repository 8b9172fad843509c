"""Events that the cases service tells about what clocks run by: calendars and policies."""

from dataclasses import dataclass
from uuid import UUID

from chassis.events import Event


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event, source="cases", public=True):
    """A calendar works by other hours: its own changed, or a holiday set of it. ``number`` is the new version."""

    calendar_id: UUID
    name: str
    number: int


@dataclass(frozen=True, kw_only=True)
class ClocksRecalculated(Event, source="cases", public=True):
    """After a change of a calendar all its open clocks were looked at; ``moved`` fall due at another instant now."""

    calendar_id: UUID
    number: int
    examined: int
    moved: int


@dataclass(frozen=True, kw_only=True)
class SlaPolicyChanged(Event, source="cases", public=True):
    """A policy promises something else from now on. ``number`` is the new version of its terms."""

    policy_id: UUID
    name: str
    number: int


@dataclass(frozen=True, kw_only=True)
class PolicyClocksRecalculated(Event, source="cases", public=True):
    """After a change of a policy the open cases that it was or is for were looked at.

    ``examined`` are their open clocks; ``moved`` fall due at another instant now, or began or ended by it.
    """

    policy_id: UUID
    name: str
    number: int
    examined: int
    moved: int
