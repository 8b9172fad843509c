"""Events told by the sales service. Personal data stays out: contacts are named by id, and asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from chassis.events import ContactId, Event
from chassis.money import Money
from contracts.contacts import FollowedMerge


@dataclass(frozen=True, kw_only=True)
class OpportunityCreated(Event, public=True):
    """There is a possible sale. ``source_lead_id`` is the lead that became it, ``campaign_id`` its primary source."""

    opportunity_id: UUID
    name: str
    person_id: ContactId | None
    company_id: ContactId | None
    pipeline_id: UUID
    stage_id: UUID
    stage: str
    amount: Money | None
    expected_close_on: date | None
    source_lead_id: UUID | None
    campaign_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class OpportunityStageChanged(Event, public=True):
    """An opportunity went to another stage; ``probability`` is in percent."""

    opportunity_id: UUID
    name: str
    person_id: ContactId | None
    company_id: ContactId | None
    from_stage_id: UUID
    to_stage_id: UUID
    stage: str
    probability: Decimal


@dataclass(frozen=True, kw_only=True)
class OpportunityWon(Event, public=True):
    """A sale was made, on the day ``closed_on``."""

    opportunity_id: UUID
    name: str
    person_id: ContactId | None
    company_id: ContactId | None
    amount: Money | None
    closed_on: date
    campaign_id: UUID | None
    source_lead_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class OpportunityLost(Event, public=True):
    """A sale will not be made; ``reason`` is the slug of the catalogue, ``stage_id`` where it ended."""

    opportunity_id: UUID
    name: str
    person_id: ContactId | None
    company_id: ContactId | None
    amount: Money | None
    closed_on: date
    stage_id: UUID
    reason: str
    campaign_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class OpportunityReopened(Event, public=True):
    """An opportunity that was won or lost (``was``) is open again."""

    opportunity_id: UUID
    name: str
    person_id: ContactId | None
    company_id: ContactId | None
    was: str
    stage_id: UUID
    amount: Money | None
    campaign_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ActivityPlanned(Event, public=True):
    """Something is to be done: call, visit, meeting, email, letter or task."""

    activity_id: UUID
    kind: str
    subject: str
    due_at: datetime | None
    person_id: ContactId | None
    company_id: ContactId | None
    lead_id: UUID | None
    opportunity_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ActivityDone(Event, public=True):
    """It was done; ``reached`` says whether the other side was there, where that can be said."""

    activity_id: UUID
    kind: str
    subject: str
    done_at: datetime
    reached: bool | None
    person_id: ContactId | None
    company_id: ContactId | None
    lead_id: UUID | None
    opportunity_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ActivityCancelled(Event, public=True):
    """It will not be done."""

    activity_id: UUID
    kind: str
    subject: str
    person_id: ContactId | None
    company_id: ContactId | None
    lead_id: UUID | None
    opportunity_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CampaignActivated(Event, public=True):
    """A campaign begins."""

    campaign_id: UUID
    name: str
    kind: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, kw_only=True)
class CampaignClosed(Event, public=True):
    """A campaign is over; nobody joins it any more."""

    campaign_id: UUID
    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class CampaignMemberResponded(Event, public=True):
    """A person responded to a campaign; told the first time."""

    campaign_id: UUID
    person_id: ContactId


@dataclass(frozen=True, kw_only=True)
class QuoteSent(Event, public=True):
    """A version of a quote went to the customer."""

    quote_id: UUID
    number: str
    revision: int
    opportunity_id: UUID
    person_id: ContactId | None
    company_id: ContactId | None
    total: Money
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class QuoteAccepted(Event, public=True):
    """The customer accepted a quote."""

    quote_id: UUID
    number: str
    revision: int
    opportunity_id: UUID
    person_id: ContactId | None
    company_id: ContactId | None
    total: Money


@dataclass(frozen=True, kw_only=True)
class QuoteRefused(Event, public=True):
    """The customer refused a quote."""

    quote_id: UUID
    number: str
    revision: int
    opportunity_id: UUID
    person_id: ContactId | None
    company_id: ContactId | None


@dataclass(frozen=True, kw_only=True)
class QuoteExpired(Event, public=True):
    """Nobody decided about a quote until its last day."""

    quote_id: UUID
    number: str
    revision: int
    opportunity_id: UUID
    person_id: ContactId | None
    company_id: ContactId | None


@dataclass(frozen=True, kw_only=True)
class ForecastSnapshotTaken(Event, public=True):
    """The forecast was kept as it was when the day ``on`` began; what changed since then can be asked for."""

    snapshot_id: UUID
    on: date
    currency: str


@dataclass(frozen=True, kw_only=True)
class ContactMergeFollowed(FollowedMerge, Event, public=True):
    """The records of sales name the contact that a merge left, or the one that its undoing brought back."""
