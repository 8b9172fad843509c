"""A lead: somebody who may become a customer, until we know whether."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from chassis.fields import (
    AliasedId,
    Day,
    Id,
    Instant,
    Internal,
    Logged,
    LongText,
    Name,
    ReadOnly,
    ShortText,
    Slug,
    Title,
    value,
    values,
)
from chassis.model import Aggregate, CustomFields, Mapped, Owned, SoftDeleted, column
from contracts.contacts import LeadPrecondition
from contracts.leads import (
    LeadAssigned,
    LeadCreated,
    LeadDisqualified,
    LeadQualificationFailed,
    LeadQualificationUndone,
    LeadQualified,
    LeadQualifiedWithoutOpportunity,
    LeadReopened,
)
from services.sales.domain.base import Model
from services.sales.domain.lead_contact import LeadCompany, LeadPerson
from services.sales.domain.lead_state import LeadState
from services.sales.domain.qualification import LeadSheet, Outcome, Settled, Terms
from services.sales.errors import (
    LeadIsNotGivenUp,
    LeadIsNotQualified,
    LeadIsReadOnly,
    NurtureLiesBehind,
    UndoIsTooLate,
)

_GIVEN_UP = (LeadState.DISQUALIFIED, LeadState.NURTURING)


class Lead(Owned, SoftDeleted, CustomFields, Aggregate, Model):
    """Somebody who may become a customer. Its person and company are on file, or come with it."""

    __tablename__ = "leads"
    resource: ClassVar = "leads"
    search_fields: ClassVar = ("title", "contact_words")

    title: Mapped[Logged[Title]] = column(sort_order=1)
    state: Mapped[ReadOnly[Logged[LeadState]]] = column(default=LeadState.OPEN, index=True, sort_order=2)
    person_id: Mapped[Logged[AliasedId] | None] = column(index=True, sort_order=3)
    person: Mapped[Logged[LeadPerson] | None] = value(LeadPerson, sort_order=4)
    company_id: Mapped[Logged[AliasedId] | None] = column(index=True, sort_order=5)
    company: Mapped[Logged[LeadCompany] | None] = value(LeadCompany, sort_order=6)
    source: Mapped[Logged[Slug] | None] = column(index=True, sort_order=7)
    campaign_id: Mapped[Logged[Id] | None] = column(index=True, sort_order=8)
    interests: Mapped[Logged[list[Slug]]] = values(
        Slug, most=50, sort_order=9, doc="Ids or slugs of the catalogue of interests."
    )
    next_action: Mapped[Logged[ShortText] | None] = column(sort_order=10)
    next_action_on: Mapped[Logged[Day] | None] = column(index=True, sort_order=11)
    notes: Mapped[Logged[LongText] | None] = column(sort_order=12)
    assigned_at: Mapped[ReadOnly[Instant] | None] = column(sort_order=20)
    disqualified_at: Mapped[ReadOnly[Instant] | None] = column(sort_order=21)
    close_reason_id: Mapped[ReadOnly[Logged[Id]] | None] = column(sort_order=22)
    close_note: Mapped[ReadOnly[Logged[LongText]] | None] = column(sort_order=23)
    nurture_until: Mapped[ReadOnly[Logged[Day]] | None] = column(index=True, sort_order=24)
    opportunity_id: Mapped[ReadOnly[Id] | None] = column(sort_order=25, doc="What the lead became.")
    qualified_at: Mapped[ReadOnly[Instant] | None] = column(index=True, sort_order=26)
    qualified_by: Mapped[ReadOnly[Id] | None] = column(index=True, sort_order=27, doc="Who keeps the credit.")
    kept_values: Mapped[ReadOnly[list[Name]]] = values(
        Name, sort_order=28, doc="Values on file that the lead contradicted, such as person.job_title; they stayed."
    )
    qualifying_by: Mapped[Internal[Id] | None] = column(sort_order=29)
    qualifying_terms: Mapped[Internal[Terms] | None] = value(Terms, sort_order=30)
    outcome: Mapped[Internal[Outcome] | None] = value(Outcome, sort_order=31)

    if TYPE_CHECKING:

        def apply(self, changes: Mapping[str, Any]) -> None:
            """Set what a patch changes; every mapped class has it."""

    @property
    def contact_words(self) -> str:
        """The names, addresses and numbers by which a lead is found."""
        known: Sequence[LeadPerson | LeadCompany] = [each for each in (self.person, self.company) if each]
        words = [each.name for each in known]
        words += [email.address for each in known for email in each.emails]
        words += [phone.number for each in known for phone in each.phones]
        return " ".join(words)

    def begin(self) -> None:
        """Tell of a new lead."""
        self.interests = list(dict.fromkeys(self.interests))
        self.record(
            LeadCreated(
                lead_id=self.id,
                title=self.title,
                person_id=self.person_id,
                company_id=self.company_id,
                lead_source=self.source,
                campaign_id=self.campaign_id,
            )
        )

    def change(self, changes: Mapping[str, Any]) -> None:
        """Apply a patch. Raises ``LeadIsReadOnly``."""
        self.demand_writable()
        self.apply(changes)

    def assign(self, owner_id: UUID, group_id: UUID | None, rule_id: UUID | None, now: datetime) -> None:
        """Give the lead to somebody; ``rule_id`` is the rule that chose them. Raises ``LeadIsReadOnly``."""
        self.demand_writable()
        if self.assigned_at is not None and owner_id == self.owner_id:
            return
        before, self.owner_id, self.assigned_at = self.owner_id, owner_id, now
        self.group_id = group_id or self.group_id
        self.record(
            LeadAssigned(
                lead_id=self.id,
                title=self.title,
                person_id=self.person_id,
                company_id=self.company_id,
                owner_id=owner_id,
                before_id=before,
                rule_id=rule_id,
            )
        )

    def disqualify(
        self, reason_id: UUID, reason: str, note: str | None, nurture_until: date | None, now: datetime
    ) -> None:
        """Give the lead up, for a reason of the catalogue; with a day, it is nurtured and comes back then.

        Raises ``LeadIsReadOnly``, ``NurtureLiesBehind``.
        """
        self.demand_writable()
        if nurture_until is not None and nurture_until <= now.date():
            raise NurtureLiesBehind(nurture_until=str(nurture_until))
        self.state = LeadState.DISQUALIFIED if nurture_until is None else LeadState.NURTURING
        self.close_reason_id, self.close_note = reason_id, note
        self.disqualified_at, self.nurture_until = now, nurture_until
        self.record(
            LeadDisqualified(
                lead_id=self.id,
                title=self.title,
                person_id=self.person_id,
                company_id=self.company_id,
                reason=reason,
                nurture_until=nurture_until,
                campaign_id=self.campaign_id,
            )
        )

    def reopen(self) -> None:
        """Be a lead again; one that was nurtured is to be looked at on the day it was put off to.

        Raises ``LeadIsNotGivenUp``.
        """
        if not self.is_given_up:
            raise LeadIsNotGivenUp(state=self.state)
        was, self.state = self.state, LeadState.OPEN
        self.next_action_on = self.nurture_until or self.next_action_on
        self.close_reason_id = self.close_note = self.disqualified_at = self.nurture_until = None
        self.record(
            LeadReopened(
                lead_id=self.id,
                title=self.title,
                person_id=self.person_id,
                company_id=self.company_id,
                was=was.value,
            )
        )

    def begin_qualifying(self, terms: Terms, by: UUID | None) -> None:
        """Wait for contacts; whoever asked keeps the credit. Nothing happens to a lead that waits already."""
        if self.state is LeadState.OPEN:
            self.state, self.qualifying_by, self.qualifying_terms = LeadState.QUALIFYING, by, terms

    def stop_qualifying(self, unmet: Sequence[LeadPrecondition]) -> None:
        """Be open again: it cannot be qualified. Nothing happens to a lead that does not wait."""
        if self.state is not LeadState.QUALIFYING:
            return
        self.state, self.qualifying_by, self.qualifying_terms = LeadState.OPEN, None, None
        self.record(
            LeadQualificationFailed(
                lead_id=self.id,
                title=self.title,
                person_id=self.person_id,
                company_id=self.company_id,
                unmet=[each.value for each in unmet],
            )
        )

    def qualify(
        self, settled: Settled, opportunity_id: UUID | None, outcome: Outcome, by: UUID | None, now: datetime
    ) -> None:
        """Become an opportunity, or part of one, or none, and stay as it is from then on."""
        self.state, self.opportunity_id, self.outcome = LeadState.QUALIFIED, opportunity_id, outcome
        self.person_id, self.company_id, self.kept_values = settled.person_id, settled.company_id, settled.kept
        self.qualified_at, self.qualified_by = now, by
        self.qualifying_by, self.qualifying_terms = None, None
        told: dict[str, Any] = {
            "lead_id": self.id,
            "title": self.title,
            "person_id": settled.person_id,
            "company_id": settled.company_id,
            "qualified_by": by,
            "kept_values": settled.kept,
            "campaign_id": self.campaign_id,
        }
        if opportunity_id is None:
            self.record(LeadQualifiedWithoutOpportunity(**told))
        else:
            self.record(LeadQualified(opportunity_id=opportunity_id, **told))

    def demand_undoable(self, minutes: int, now: datetime) -> None:
        """Raise ``LeadIsNotQualified``, or ``UndoIsTooLate`` more than ``minutes`` after it was qualified."""
        if self.state is not LeadState.QUALIFIED or self.qualified_at is None:
            raise LeadIsNotQualified(state=self.state)
        last = self.qualified_at + timedelta(minutes=minutes)
        if not minutes or now > last:
            raise UndoIsTooLate(minutes=minutes, last=last.isoformat(timespec="seconds").replace("+00:00", "Z"))

    def undo_qualification(self, by: UUID | None) -> None:
        """Be open again as it was; it goes on naming the person and the company that are on file now."""
        was, self.state, self.opportunity_id, self.outcome = self.opportunity_id, LeadState.OPEN, None, None
        self.qualified_at = self.qualified_by = None
        self.kept_values = []
        self.record(
            LeadQualificationUndone(
                lead_id=self.id,
                title=self.title,
                person_id=self.person_id,
                company_id=self.company_id,
                opportunity_id=was,
                undone_by=by,
                campaign_id=self.campaign_id,
            )
        )

    def sheet(self, *, reached: bool) -> LeadSheet:
        """Return what contacts is asked about; ``reached`` says that an activity of ours reached the person."""
        return LeadSheet(
            lead_id=self.id,
            lead_version=self.version,
            person_id=self.person_id,
            person=self.person,
            company_id=self.company_id,
            company=self.company,
            interests=tuple(self.interests),
            owner_id=self.owner_id,
            group_id=self.group_id,
            reached=reached,
        )

    @property
    def is_given_up(self) -> bool:
        """Whether the lead was disqualified, or put off."""
        return self.state in _GIVEN_UP

    def demand_qualifiable(self) -> None:
        """Raise ``LeadIsReadOnly`` for a lead that was given up."""
        if self.is_given_up:
            raise LeadIsReadOnly(state=self.state)

    def demand_writable(self) -> None:
        """Raise ``LeadIsReadOnly`` unless the lead is open."""
        if self.state is not LeadState.OPEN:
            raise LeadIsReadOnly(state=self.state)
