"""An interaction: one time that we and a contact were, or tried to be, in touch, by whatever channel."""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from chassis.clock import utc_now
from chassis.fields import AliasedId, Count, Flag, Id, Instant, Internal, Logged, LongText, ReadOnly, ShortText
from chassis.indexes import ForeignKey
from chassis.model import Aggregate, Mapped, Owned, column
from contracts.contacts import Channel, Direction, InteractionRecorded
from services.contacts.domain.base import Model
from services.contacts.errors import NobodyIsNamed, NotYetHappened

# Clocks of other programs may run ahead of ours by a little.
_TOLERANCE = timedelta(minutes=5)
# Where both sides are there at the same time, so that being reached means having answered.
_LIVE = frozenset({Channel.PHONE, Channel.VISIT, Channel.CHAT})


class Outcome(StrEnum):
    """Whether the other side was reached."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    UNKNOWN = "unknown"


class Interaction(Owned, Aggregate, Model):
    """A message, call, letter or visit. It is a record of what happened, so only its summary may be corrected."""

    __tablename__ = "interactions"
    resource: ClassVar = "interactions"
    search_fields: ClassVar = ("summary",)

    person_id: Mapped[AliasedId | None] = column(ForeignKey("people.id"), index=True)
    company_id: Mapped[AliasedId | None] = column(ForeignKey("companies.id"), index=True)
    channel: Mapped[Channel]
    direction: Mapped[Direction]
    outcome: Mapped[Outcome] = column(default=Outcome.REACHED)
    real: Mapped[ReadOnly[Flag]] = column(default=False, doc="The contact itself took part.")
    summary: Mapped[Logged[LongText]]
    occurred_at: Mapped[Instant] = column(index=True)
    duration_seconds: Mapped[Count | None]
    branch_id: Mapped[Id | None] = column(ForeignKey("branches.id"), index=True)
    reference: Mapped[ShortText | None] = column(
        doc="The sender's own id (Message-ID, call id); one channel records it once."
    )
    reference_key: Mapped[Internal[ShortText] | None] = column(unique=True)

    def happen(self) -> None:
        """Check a new interaction and tell of it. Raises ``NobodyIsNamed``, ``NotYetHappened``."""
        if self.person_id is None and self.company_id is None:
            raise NobodyIsNamed
        if self.occurred_at > utc_now() + _TOLERANCE:
            raise NotYetHappened(occurred_at=self.occurred_at.isoformat())
        self.reference_key = self.reference and f"{self.channel.value}:{self.reference}"[:255]
        self.real = self.direction is Direction.INBOUND or (self.channel in _LIVE and self.outcome is Outcome.REACHED)
        self.record(
            InteractionRecorded(
                interaction_id=self.id,
                person_id=self.person_id,
                company_id=self.company_id,
                channel=self.channel,
                direction=self.direction,
                real=self.real,
                branch_id=self.branch_id,
                occurred_at=self.occurred_at,
            )
        )
