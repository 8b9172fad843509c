"""The history of an opportunity's stages: when it entered which, and how long it had been in the one before."""

from datetime import datetime
from enum import StrEnum

from chassis.fields import Count, Id, Instant, LongText, Money, Name, Percentage, ReadOnly, ShortText, money
from chassis.ids import new_id
from chassis.indexes import ForeignKey
from chassis.model import Mapped, column
from services.sales.domain.base import Model


class Step(StrEnum):
    """What happened to an opportunity."""

    CREATED = "created"
    MOVED = "moved"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"


class StageChange(Model):
    """One step on an opportunity's way, with names and probability as they were then."""

    __tablename__ = "stage_changes"

    id: Mapped[ReadOnly[Id]] = column(primary_key=True, default=new_id)
    opportunity_id: Mapped[ReadOnly[Id]] = column(ForeignKey("opportunities.id"), index=True)
    step: Mapped[ReadOnly[Step]]
    from_stage_id: Mapped[ReadOnly[Id] | None]
    from_stage: Mapped[ReadOnly[Name] | None]
    to_stage_id: Mapped[ReadOnly[Id]]
    to_stage: Mapped[ReadOnly[Name]]
    probability: Mapped[ReadOnly[Percentage]]
    amount: Mapped[ReadOnly[Money] | None] = money("amount")
    reason: Mapped[ReadOnly[LongText] | None]
    seconds_before: Mapped[ReadOnly[Count] | None] = column(doc="Seconds spent in the stage before.")
    at: Mapped[ReadOnly[Instant]]
    actor_id: Mapped[ReadOnly[Id] | None]
    actor_name: Mapped[ReadOnly[ShortText]] = column(default="")


def seconds_between(start: datetime, end: datetime) -> int:
    """Return the whole seconds from one instant to another, never fewer than none."""
    return max(0, int((end - start).total_seconds()))
