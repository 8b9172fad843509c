"""An activity: a call, a visit or whatever else is planned with a contact, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from chassis.fields import AliasedId, Flag, Id, Instant, Logged, LongText, ReadOnly, ShortText, Title
from chassis.model import Aggregate, CustomFields, Mapped, Owned, column
from chassis.words import Worded
from contracts.sales import ActivityCancelled, ActivityDone, ActivityPlanned
from services.sales.domain.base import Model
from services.sales.errors import ActivityIsOver


class ActivityKind(StrEnum):
    """What is to be done."""

    CALL = "call"
    VISIT = "visit"
    MEETING = "meeting"
    EMAIL = "email"
    LETTER = "letter"
    TASK = "task"


class ActivityState(Worded):
    """Whether it is still to be done."""

    PLANNED = "planned", "planificada"
    DONE = "done", "hecha"
    CANCELLED = "cancelled", "cancelada"


# Where both sides are there at the same time, so that being reached means having answered.
LIVE = (ActivityKind.CALL, ActivityKind.VISIT, ActivityKind.MEETING)


class Activity(Owned, CustomFields, Aggregate, Model):
    """Something that somebody of ours is to do, or did, about a contact, a lead or an opportunity."""

    __tablename__ = "activities"
    resource: ClassVar = "activities"
    search_fields: ClassVar = ("subject",)

    kind: Mapped[Logged[ActivityKind]]
    subject: Mapped[Logged[Title]]
    notes: Mapped[Logged[LongText] | None]
    state: Mapped[ReadOnly[Logged[ActivityState]]] = column(default=ActivityState.PLANNED, index=True)
    due_at: Mapped[Logged[Instant] | None] = column(index=True)
    person_id: Mapped[Logged[AliasedId] | None] = column(index=True)
    company_id: Mapped[Logged[AliasedId] | None] = column(index=True)
    lead_id: Mapped[Logged[Id] | None] = column(index=True)
    opportunity_id: Mapped[Logged[Id] | None] = column(index=True)
    campaign_id: Mapped[Logged[Id] | None] = column(index=True)
    done_at: Mapped[ReadOnly[Instant] | None]
    outcome: Mapped[ReadOnly[Logged[LongText]] | None]
    reached: Mapped[ReadOnly[Flag] | None] = column(doc="Whether the other side was there; of calls and visits.")
    cancel_reason: Mapped[ReadOnly[Logged[ShortText]] | None]

    if TYPE_CHECKING:

        def apply(self, changes: Mapping[str, Any]) -> None:
            """Set what a patch changes; every mapped class has it."""

    def plan(self) -> None:
        """Tell that it is to be done."""
        self.record(
            ActivityPlanned(
                activity_id=self.id,
                kind=self.kind.value,
                subject=self.subject,
                due_at=self.due_at,
                person_id=self.person_id,
                company_id=self.company_id,
                lead_id=self.lead_id,
                opportunity_id=self.opportunity_id,
            )
        )

    def change(self, changes: Mapping[str, Any]) -> None:
        """Apply a patch. Raises ``ActivityIsOver``."""
        self._demand_planned()
        self.apply(changes)

    def done(self, at: datetime, outcome: str | None, *, reached: bool | None) -> None:
        """Be over, with what came of it. Raises ``ActivityIsOver``."""
        self._demand_planned()
        self.state, self.done_at, self.outcome, self.reached = ActivityState.DONE, at, outcome, reached
        self.record(
            ActivityDone(
                activity_id=self.id,
                kind=self.kind.value,
                subject=self.subject,
                done_at=at,
                reached=reached,
                person_id=self.person_id,
                company_id=self.company_id,
                lead_id=self.lead_id,
                opportunity_id=self.opportunity_id,
            )
        )

    def cancel(self, reason: str | None) -> None:
        """Not be done at all. Raises ``ActivityIsOver``."""
        self._demand_planned()
        self.state, self.cancel_reason = ActivityState.CANCELLED, reason
        self.record(
            ActivityCancelled(
                activity_id=self.id,
                kind=self.kind.value,
                subject=self.subject,
                person_id=self.person_id,
                company_id=self.company_id,
                lead_id=self.lead_id,
                opportunity_id=self.opportunity_id,
            )
        )

    def _demand_planned(self) -> None:
        if self.state is not ActivityState.PLANNED:
            raise ActivityIsOver(state=self.state)
