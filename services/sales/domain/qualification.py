"""Qualifying a lead: what is wanted, what contacts is asked about, and who they turn out to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from chassis.fields import Day, Flag, Id, Money, ShortText
from contracts.contacts import LeadPrecondition
from services.sales.domain.lead_contact import LeadCompany, LeadPerson


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is wanted of the opportunity; without a name it is called like the lead."""

    name: ShortText | None = None
    pipeline_id: Id | None = None
    owner_id: Id | None = None
    amount: Money | None = None
    expected_close_on: Day | None = None
    allow_duplicate: Flag = False


@dataclass(frozen=True, kw_only=True)
class LeadSheet:
    """What contacts is asked about: a copy of the lead, taken before anybody is asked."""

    lead_id: UUID
    lead_version: int
    person_id: UUID | None
    person: LeadPerson | None
    company_id: UUID | None
    company: LeadCompany | None
    interests: Sequence[str]
    owner_id: UUID | None
    group_id: UUID | None
    reached: bool

    @property
    def changes_contacts(self) -> bool:
        """Whether something may have to be written in contacts."""
        return bool(self.person or self.company or self.interests)

    @property
    def demands(self) -> list[LeadPrecondition]:
        """What contacts must know of them; who was reached by an activity of ours needs no other contact."""
        return [each for each in LeadPrecondition if not (self.reached and each is LeadPrecondition.REAL_CONTACT)]


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Who the lead's person and company are on file; ``kept`` names the values on file that the lead contradicts."""

    lead_version: int
    person_id: UUID
    company_id: UUID | None
    kept: list[str] = field(default_factory=list)
