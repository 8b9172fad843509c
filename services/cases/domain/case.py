"""A case: something that a customer asks, orders or complains about, from its first word to its end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final, Self, TypedDict
from uuid import UUID

from chassis.db.json_values import JsonDocument
from chassis.fields import (
    AliasedId,
    Count,
    Email,
    Flag,
    Id,
    Instant,
    Internal,
    LocaleCode,
    Logged,
    LongText,
    Name,
    ReadOnly,
    Slug,
    Title,
    values,
)
from chassis.indexes import ForeignKey, index_where
from chassis.model import Aggregate, CustomFields, Mapped, Owned, column
from contracts.cases import (
    CaseAssigned,
    CaseClosed,
    CaseCreated,
    CaseMerged,
    CaseReopened,
    CaseResolved,
    CaseStateChanged,
    CaseUpdated,
)
from contracts.contacts import Channel
from services.cases.domain.absorbed_case import AbsorbedCase
from services.cases.domain.base import Model
from services.cases.domain.priority import Priority
from services.cases.domain.workflow import Category, State, Transition
from services.cases.errors import CaseIsMerged

MERGED: Final = "merged"  # the state of a case that another one took up, in every workflow


class SlaState(StrEnum):
    """How a case stands with what was promised for it."""

    NONE = "none"
    ON_TRACK = "on_track"
    WARNED = "warned"
    BREACHED = "breached"


class Because(StrEnum):
    """Why a policy holds for a case."""

    CUSTOMER = "customer"
    TYPE = "type"
    PRIORITY = "priority"
    DEFAULT = "default"


class About(TypedDict):
    """What every event of a case says."""

    case_id: UUID
    number: str
    person_id: UUID | None
    company_id: UUID | None


class Case(Owned, CustomFields, Aggregate, Model):
    """A case. Its owner is responsible for it to the customer; the resolver does the work, which may be the same."""

    __tablename__ = "cases"
    __table_args__ = (index_where("ix_cases_look_needed", "look_needed", "id"),)
    resource: ClassVar = "cases"
    search_fields: ClassVar = ("number", "absorbed_numbers", "subject", "description", "solution")
    canonical_id: ClassVar[UUID | None] = None  # shown where a case answers for one that was merged into it

    number: Mapped[ReadOnly[Name]] = column(unique=True, sort_order=1)
    subject: Mapped[Logged[Title]] = column(sort_order=2)
    description: Mapped[Logged[LongText] | None] = column(sort_order=3)
    type_id: Mapped[Logged[Id] | None] = column(ForeignKey("case_types.id"), index=True, sort_order=4)
    type_version: Mapped[ReadOnly[Count] | None] = column(
        sort_order=4, doc="The version of its type that it keeps to, until another one is propagated to it."
    )
    fields: Mapped[Logged[dict[str, Any]]] = column(
        JsonDocument, default=dict, sort_order=5, doc="The values of the type's own fields."
    )
    person_id: Mapped[Logged[AliasedId] | None] = column(index=True, sort_order=10)
    company_id: Mapped[Logged[AliasedId] | None] = column(index=True, sort_order=11)
    contact_email: Mapped[Logged[Email] | None] = column(sort_order=12, doc="Where answers go.")
    locale: Mapped[Logged[LocaleCode] | None] = column(
        sort_order=12,
        doc="In which language the customer is written to; without one the person's, else the company's, "
        "else the installation's.",
    )
    channel: Mapped[Channel] = column(default=Channel.WEB, sort_order=13)
    priority: Mapped[Logged[Priority]] = column(default=Priority.NORMAL, index=True, sort_order=14)
    state: Mapped[ReadOnly[Slug]] = column(index=True, sort_order=20)
    category: Mapped[ReadOnly[Category]] = column(index=True, sort_order=21)
    workflow_id: Mapped[ReadOnly[Id]] = column(ForeignKey("workflows.id"), index=True, sort_order=22)
    resolver_id: Mapped[ReadOnly[Logged[Id]] | None] = column(index=True, sort_order=23)
    solution: Mapped[Logged[LongText] | None] = column(sort_order=24)
    follows_id: Mapped[ReadOnly[Id] | None] = column(index=True, sort_order=25, doc="The case that it takes up again.")
    project_id: Mapped[Logged[Id] | None] = column(index=True, sort_order=26, doc="The project that it belongs to.")
    merged_into_id: Mapped[ReadOnly[Id] | None] = column(index=True, sort_order=27, doc="The case that took it up.")
    split_from_id: Mapped[ReadOnly[Id] | None] = column(index=True, sort_order=28, doc="The case that it was part of.")
    absorbed: Mapped[ReadOnly[list[AbsorbedCase]]] = values(AbsorbedCase, most=200, sort_order=29)
    policy_id: Mapped[ReadOnly[Id] | None] = column(sort_order=30)
    policy_because: Mapped[ReadOnly[Because] | None] = column(sort_order=31)
    sla_state: Mapped[ReadOnly[SlaState]] = column(default=SlaState.NONE, index=True, sort_order=32)
    next_due_at: Mapped[ReadOnly[Instant] | None] = column(
        index=True, sort_order=33, doc="The earliest instant at which an open clock falls due."
    )
    first_response_at: Mapped[ReadOnly[Instant] | None] = column(sort_order=34)
    waiting_since: Mapped[ReadOnly[Instant] | None] = column(
        index=True, sort_order=35, doc="Since when a message of the customer is unanswered."
    )
    resolved_at: Mapped[ReadOnly[Instant] | None] = column(index=True, sort_order=36)
    closed_at: Mapped[ReadOnly[Instant] | None] = column(sort_order=37)
    reopened: Mapped[ReadOnly[Count]] = column(default=0, sort_order=38)
    look_needed: Mapped[ReadOnly[Flag]] = column(
        default=False,
        sort_order=38,
        doc="A mail came that did not reopen it, because its sender had done so too often; until somebody looks.",
    )
    alarm_at: Mapped[Internal[Instant] | None] = column(sort_order=39)
    mail_token: Mapped[Internal[Name]] = column(unique=True, sort_order=40)

    @property
    def responsible_id(self) -> UUID | None:
        """Who answers to the customer: the owner."""
        return self.owner_id

    @property
    def absorbed_numbers(self) -> str:
        """The numbers of the cases that were merged into it."""
        return " ".join(each.number for each in self.absorbed)

    @property
    def about(self) -> About:
        """What every event of the case says."""
        return About(case_id=self.id, number=self.number, person_id=self.person_id, company_id=self.company_id)

    def showing(self, **more: object) -> Self:
        """Return the case with what is shown beside its columns; nothing of it is saved."""
        self.__dict__.update(more)
        return self

    def be_numbered(self, number: str) -> None:
        """Take a number; what the case told before bears it too."""
        self.number = number
        self.retell(lambda event: replace(event, number=number))  # type: ignore[call-arg]

    def register(self) -> None:
        """Tell of a new case."""
        self.record(
            CaseCreated(
                **self.about,
                subject=self.subject,
                type_id=self.type_id,
                channel=self.channel,
                priority=self.priority.value,
                state=self.state,
                category=self.category.value,
                responsible_id=self.owner_id,
                resolver_id=self.resolver_id,
                follows_id=self.follows_id,
                mail_token=self.mail_token,
            )
        )

    def change(self, changes: Mapping[str, Any]) -> set[str]:
        """Apply a patch and tell which fields it changed; returns their names."""
        before = {name: getattr(self, name) for name in changes}
        self.apply(changes)
        changed = {name for name, old in before.items() if getattr(self, name) != old}
        if changed:
            self.record(CaseUpdated(**self.about, changed=sorted(changed)))
        return changed

    def assign(
        self,
        *,
        responsible_id: UUID | None,
        resolver_id: UUID | None,
        group_id: UUID | None,
        because: str | None = None,
    ) -> None:
        """Pass the case on; nothing is told where everything stays as it is."""
        before = (self.owner_id, self.resolver_id, self.group_id)
        if before == (responsible_id, resolver_id, group_id):
            return
        self.owner_id, self.resolver_id, self.group_id = responsible_id, resolver_id, group_id
        self.record(
            CaseAssigned(
                **self.about,
                subject=self.subject,
                responsible_id=responsible_id,
                resolver_id=resolver_id,
                group_id=group_id,
                because=because,
            )
        )

    def demand_unmerged(self) -> None:
        """Raise ``CaseIsMerged`` where another case took it up."""
        if self.merged_into_id is not None:
            raise CaseIsMerged(number=self.number, into_id=str(self.merged_into_id))

    def absorb(self, other: "Case", at: datetime) -> None:
        """Remember another case that is part of this one from now on, and those that it had taken up itself."""
        card = AbsorbedCase(
            case_id=other.id,
            number=other.number,
            at=at,
            person_id=other.person_id,
            company_id=other.company_id,
            email=other.contact_email,
        )
        self.absorbed = [*self.absorbed, *other.absorbed, card]
        self.record(CaseUpdated(**self.about, changed=["absorbed"]))

    def be_merged(self, survivor: "Case", at: datetime, reason: str | None, entries: int) -> None:
        """End as part of another case, and tell of it; nobody is asked how satisfied they are."""
        self.state, self.category, self.merged_into_id = MERGED, Category.CLOSED, survivor.id
        self.closed_at, self.waiting_since = self.closed_at or at, None
        self.record(
            CaseMerged(**self.about, into_id=survivor.id, into_number=survivor.number, reason=reason, entries=entries)
        )

    def enter(self, state: State, transition: Transition, at: datetime) -> None:
        """Go to another state, and tell what that means."""
        before, was = self.state, self.category
        self.state, self.category, self.look_needed = state.key, state.category, False
        self.record(
            CaseStateChanged(
                **self.about,
                transition=transition.key,
                from_state=before,
                state=state.key,
                category=state.category.value,
            )
        )
        if state.category is was:
            return
        if was.is_done and not state.category.is_done:
            self.resolved_at = self.closed_at = None
            self.reopened += 1
            self.record(CaseReopened(**self.about, times=self.reopened))
        if state.category.is_done and not was.is_done:
            self.resolved_at, self.waiting_since = at, None
            self.record(
                CaseResolved(
                    **self.about,
                    subject=self.subject,
                    resolver_id=self.resolver_id or self.owner_id,
                    group_id=self.group_id,
                    resolved_at=at,
                )
            )
        if state.category is Category.CLOSED:
            self.closed_at = at
            self.record(CaseClosed(**self.about, closed_at=at))
        elif was is Category.CLOSED:
            self.closed_at = None
