"""A campaign: a planned effort to reach people, with budget, dates and goal; and the people it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from chassis.fields import (
    AliasedId,
    Count,
    Day,
    Id,
    Instant,
    Internal,
    Logged,
    LongText,
    Money,
    Name,
    Quantity,
    ReadOnly,
    Slug,
    Title,
    money,
    value,
)
from chassis.indexes import ForeignKey, unique
from chassis.model import Aggregate, CustomFields, Mapped, Owned, SoftDeleted, column
from chassis.words import Worded
from contracts.consents import ConsentChannel
from contracts.sales import CampaignActivated, CampaignClosed, CampaignMemberResponded
from services.sales.domain.base import Model
from services.sales.domain.campaign_channel import channel_of
from services.sales.errors import (
    CampaignEndsBeforeItStarts,
    CampaignIsClosed,
    CampaignIsNotActive,
    CampaignIsNotPlanned,
)


class CampaignState(Worded):
    """Whether a campaign runs."""

    PLANNED = "planned", "prevista"
    ACTIVE = "active", "activa"
    CLOSED = "closed", "cerrada"


class Objective(StrEnum):
    """Whether a campaign is to win customers or to keep them."""

    ACQUISITION = "acquisition"
    RETENTION = "retention"


class MemberState(StrEnum):
    """How far a campaign came with one person; who may not be reached is excluded."""

    LISTED = "listed"
    EXCLUDED = "excluded"
    REACHED = "reached"
    RESPONDED = "responded"


_UNREACHED: Final = frozenset({MemberState.LISTED, MemberState.EXCLUDED})


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What a campaign is to bring; what is not named is not measured."""

    leads: Count | None = None
    opportunities: Count | None = None
    won: Count | None = None
    income: Money | None = None


class Campaign(Owned, SoftDeleted, CustomFields, Aggregate, Model):
    """A planned effort to reach people. ``hours`` is the time that was spent on it."""

    __tablename__ = "campaigns"
    resource: ClassVar = "campaigns"
    search_fields: ClassVar = ("name",)

    name: Mapped[Logged[Title]]
    kind: Mapped[Logged[Slug]] = column(index=True)
    state: Mapped[ReadOnly[Logged[CampaignState]]] = column(default=CampaignState.PLANNED, index=True)
    objective: Mapped[Logged[Objective] | None]
    description: Mapped[Logged[LongText] | None]
    budget: Mapped[Logged[Money] | None] = money("budget")
    actual_cost: Mapped[Logged[Money] | None] = money("actual_cost")
    hours: Mapped[Logged[Quantity] | None]
    starts_on: Mapped[Logged[Day] | None] = column(index=True)
    ends_on: Mapped[Logged[Day] | None]
    goal: Mapped[Logged[Goal] | None] = value(Goal)
    activated_at: Mapped[ReadOnly[Instant] | None]
    closed_at: Mapped[ReadOnly[Instant] | None]

    if TYPE_CHECKING:

        def apply(self, changes: Mapping[str, Any]) -> None:
            """Set what a patch changes; every mapped class has it."""

    @property
    def channel(self) -> ConsentChannel | None:
        """By which channel it reaches people."""
        return channel_of(self.kind)

    def change(self, changes: Mapping[str, Any]) -> None:
        """Apply a patch; what it cost may be known late. Raises ``CampaignEndsBeforeItStarts``."""
        self.apply(changes)
        self.check()

    def check(self) -> None:
        """Raise ``CampaignEndsBeforeItStarts`` where its days are the wrong way round."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise CampaignEndsBeforeItStarts(starts_on=str(self.starts_on), ends_on=str(self.ends_on))

    def activate(self, now: datetime) -> None:
        """Begin. Raises ``CampaignIsNotPlanned``."""
        if self.state is not CampaignState.PLANNED:
            raise CampaignIsNotPlanned(state=self.state)
        self.state, self.activated_at = CampaignState.ACTIVE, now
        self.record(
            CampaignActivated(
                campaign_id=self.id,
                name=self.name,
                kind=self.kind,
                starts_on=self.starts_on,
                ends_on=self.ends_on,
            )
        )

    def close(self, now: datetime) -> None:
        """End. Raises ``CampaignIsNotActive``."""
        if self.state is not CampaignState.ACTIVE:
            raise CampaignIsNotActive(state=self.state)
        self.state, self.closed_at = CampaignState.CLOSED, now
        self.record(CampaignClosed(campaign_id=self.id, name=self.name, kind=self.kind))

    def demand_not_closed(self) -> None:
        """Raise ``CampaignIsClosed`` where nobody can be added or taken out any more."""
        if self.state is CampaignState.CLOSED:
            raise CampaignIsClosed


class CampaignMember(Aggregate, Model):
    """A person whom a campaign is for."""

    __tablename__ = "campaign_members"
    resource: ClassVar = "campaign-members"
    __table_args__ = (unique("campaign_id", "person_id"),)

    campaign_id: Mapped[ReadOnly[Id]] = column(ForeignKey("campaigns.id"))
    person_id: Mapped[ReadOnly[AliasedId]] = column(index=True)
    state: Mapped[ReadOnly[MemberState]] = column(default=MemberState.LISTED, index=True)
    reached_at: Mapped[ReadOnly[Instant] | None]
    responded_at: Mapped[ReadOnly[Instant] | None]
    response: Mapped[ReadOnly[LongText] | None]
    excluded_by: Mapped[ReadOnly[Name] | None] = column(doc="The rule about consents by which the person is excluded.")
    checked_at: Mapped[Internal[Instant] | None]

    def mind(self, refused_by: str | None, asked_at: datetime) -> None:
        """Exclude the person by a rule, or list them again, as contacts said at an instant; the latest word counts.

        Who was reached already stays reached.
        """
        if self.state not in _UNREACHED or (self.checked_at is not None and self.checked_at > asked_at):
            return
        self.checked_at, self.excluded_by = asked_at, refused_by
        self.state = MemberState.EXCLUDED if refused_by else MemberState.LISTED

    def reach(self, now: datetime) -> None:
        """Note that the campaign reached the person, also where it should not have; the first time counts."""
        if self.state in _UNREACHED:
            self.state, self.reached_at = MemberState.REACHED, now

    def respond(self, now: datetime, response: str | None) -> None:
        """Note that the person responded, and so was reached; told once."""
        self.reach(now)
        self.response = response or self.response
        if self.state is not MemberState.RESPONDED:
            self.state, self.responded_at = MemberState.RESPONDED, now
            self.record(CampaignMemberResponded(campaign_id=self.campaign_id, person_id=self.person_id))
