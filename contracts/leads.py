"""Events that the sales service tells about leads. Personal data stays out: contacts are named by id, and asked for."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.events import ContactId, Event


@dataclass(frozen=True, kw_only=True)
class LeadCreated(Event, source="sales", public=True):
    """Somebody may become a customer; the person or company may not be on file yet."""

    lead_id: UUID
    title: str
    person_id: ContactId | None
    company_id: ContactId | None
    lead_source: str | None
    campaign_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class LeadAssigned(Event, source="sales", public=True):
    """A lead was given to somebody; ``rule_id`` is the rule that chose them, null where a person did."""

    lead_id: UUID
    title: str
    person_id: ContactId | None
    company_id: ContactId | None
    owner_id: UUID
    before_id: UUID | None
    rule_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class LeadQualified(Event, source="sales", public=True):
    """A lead became an opportunity. ``qualified_by`` keeps the credit.

    ``kept_values`` names what the lead said otherwise than the contact on file (``person.job_title``); it stayed.
    """

    lead_id: UUID
    title: str
    person_id: ContactId
    company_id: ContactId | None
    opportunity_id: UUID
    qualified_by: UUID | None
    kept_values: list[str]
    campaign_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class LeadQualifiedWithoutOpportunity(Event, source="sales", public=True):
    """A lead turned out to be a customer, and no opportunity was wanted; otherwise as ``LeadQualified``."""

    lead_id: UUID
    title: str
    person_id: ContactId
    company_id: ContactId | None
    qualified_by: UUID | None
    kept_values: list[str]
    campaign_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class LeadQualificationUndone(Event, source="sales", public=True):
    """A qualification was a mistake: the lead is open again, and counts as qualified no longer.

    ``opportunity_id`` is what it had become: in the bin where it was opened for the lead, and of the lead no longer
    where it had been there before; null where there was none. Person and company stay on file.
    """

    lead_id: UUID
    title: str
    person_id: ContactId | None
    company_id: ContactId | None
    opportunity_id: UUID | None
    undone_by: UUID | None
    campaign_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class LeadQualificationFailed(Event, source="sales", public=True):
    """A qualification that had to wait cannot be completed; the lead is open again.

    ``unmet`` names the preconditions that do not hold: person, real-contact, interest. It is empty where contacts
    refused for another reason, such as a possible duplicate.
    """

    lead_id: UUID
    title: str
    person_id: ContactId | None
    company_id: ContactId | None
    unmet: list[str]


@dataclass(frozen=True, kw_only=True)
class LeadDisqualified(Event, source="sales", public=True):
    """A lead was given up; with ``nurture_until`` it comes back on that day. ``reason`` is the catalogue's slug."""

    lead_id: UUID
    title: str
    person_id: ContactId | None
    company_id: ContactId | None
    reason: str
    nurture_until: date | None
    campaign_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class LeadReopened(Event, source="sales", public=True):
    """A lead that was disqualified or nurtured (``was``) is open again."""

    lead_id: UUID
    title: str
    person_id: ContactId | None
    company_id: ContactId | None
    was: str
