"""The public shapes of this service. Derived: a field is written in its model only."""

from dataclasses import dataclass

from marshmallow import fields

from chassis.field_factory import field_for
from chassis.field_kinds_exact import ChoiceField, IdField, InstantField
from chassis.field_kinds_nested import SetField
from chassis.fields import Count, Day, Flag, Id, Instant, LongText, Money, Name, ShortText, Slug, Url
from chassis.schema import StrictSchema, schema_for, shape_for
from chassis.vocabulary import describe
from services.sales.domain.activity import Activity
from services.sales.domain.assignment_rule import AssignmentRule
from services.sales.domain.campaign import Campaign, CampaignMember
from services.sales.domain.campaign_figures import CampaignFigures
from services.sales.domain.close_reason import CloseReason
from services.sales.domain.exchange import ExchangeRate
from services.sales.domain.forecast import Forecast
from services.sales.domain.forecast_changes import ForecastChanges
from services.sales.domain.forecast_snapshot import ForecastSnapshot
from services.sales.domain.lead import Lead
from services.sales.domain.lead_state import LeadState
from services.sales.domain.line import NewLine
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.pipeline import Pipeline
from services.sales.domain.qualification import Terms
from services.sales.domain.quote import Quote
from services.sales.domain.stage_change import StageChange

PipelineSchema = schema_for(Pipeline)
CloseReasonSchema = schema_for(CloseReason)
OpportunitySchema = schema_for(Opportunity, weighted=Money | None)
NewOpportunitySchema = schema_for(
    Opportunity,
    name="NewOpportunity",
    exclude=("pipeline_id", "stage_id", "lines"),
    pipeline_id=field_for(describe(Id | None), load_only=True),
    stage_id=field_for(describe(Id | None), load_only=True),
    lines=field_for(describe(list[NewLine]), load_only=True),
)
OpportunityChangeSchema = schema_for(Opportunity, name="OpportunityChange", exclude=("pipeline_id", "stage_id"))
StageChangeSchema = schema_for(StageChange)
NewLineSchema = shape_for(NewLine)
LeadSchema = schema_for(Lead)
QuoteSchema = schema_for(Quote, filename=Name)
NewQuoteSchema = schema_for(
    Quote,
    name="NewQuote",
    exclude=("title", "lines"),
    title=field_for(describe(ShortText), load_only=True, required=False),
    lines=field_for(describe(list[NewLine]), load_only=True),
)
QuoteChangeSchema = schema_for(Quote, name="QuoteChange", exclude=("opportunity_id",))
ForecastSchema = shape_for(Forecast)
ForecastSnapshotSchema = schema_for(ForecastSnapshot)
ForecastChangesSchema = shape_for(ForecastChanges)
CampaignSchema = schema_for(Campaign)
CampaignMemberSchema = schema_for(CampaignMember)
CampaignFiguresSchema = shape_for(CampaignFigures)
ExchangeRateSchema = schema_for(ExchangeRate)
AssignmentRuleSchema = schema_for(AssignmentRule)
ActivitySchema = schema_for(Activity)


@dataclass(frozen=True, kw_only=True)
class Move:
    """Where an opportunity goes."""

    stage_id: Id


@dataclass(frozen=True, kw_only=True)
class Winning:
    """When it was won; today where it is not said."""

    closed_on: Day | None = None
    note: LongText | None = None


@dataclass(frozen=True, kw_only=True)
class Losing:
    """Why it was lost, a reason of the catalogue, and when; today where it is not said."""

    reason_id: Id
    closed_on: Day | None = None
    note: LongText | None = None


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Who takes a lead; nobody named means that the rules choose."""

    owner_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Disqualification:
    """Why a lead is given up, a reason of the catalogue; with a day it comes back then."""

    reason_id: Id
    note: LongText | None = None
    nurture_until: Day | None = None


@dataclass(frozen=True, kw_only=True)
class ActivityOutcome:
    """What came of an activity, and when it was done; now where it is not said."""

    outcome: LongText | None = None
    reached: Flag | None = None
    done_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class Cancellation:
    """Why it is not done."""

    reason: ShortText | None = None


@dataclass(frozen=True, kw_only=True)
class AddedMembers:
    """How many people are members now who were none, and how many were before.

    ``job_id`` is the background job that adds those of a segment or list, or looks whom consents refuse; it counts.
    """

    added: Count
    already_members: Count
    job_id: Id | None


@dataclass(frozen=True, kw_only=True)
class SalesJob:
    """Long work in the background; once it is done it says how many members a campaign got or excludes."""

    id: Id
    kind: Slug
    state: Slug
    progress_done: Count
    progress_total: Count | None
    added: Count | None
    already_members: Count | None
    excluded: Count | None
    error: LongText | None
    cancel_requested: Flag
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None


@dataclass(frozen=True, kw_only=True)
class Response:
    """What a member of a campaign said."""

    response: LongText | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the customer said to a quote."""

    note: LongText | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file, and where it is for the next hour."""

    filename: Name
    media_type: ShortText
    download: Url


@dataclass(frozen=True, kw_only=True)
class ForecastParameters:
    """Which days, both included, whose, and whether what is stale counts in the present month instead of its own."""

    from_on: Day | None = None
    to_on: Day | None = None
    pipeline_id: Id | None = None
    owner_id: Id | None = None
    move_stale: Flag = False


@dataclass(frozen=True, kw_only=True)
class ForecastChangesParameters:
    """Between which days, until now where no second is named; and of which forecast: days, pipeline, seller."""

    since_on: Day
    until_on: Day | None = None
    from_on: Day | None = None
    to_on: Day | None = None
    pipeline_id: Id | None = None
    owner_id: Id | None = None


class OneContactSchema(StrictSchema):
    """Which contact is asked about."""

    contact_id = IdField(required=True)


class NewMembersSchema(StrictSchema):
    """Who is to be a member of a campaign, each once: people, or whoever belongs to a segment or list at present."""

    person_ids = SetField(IdField(), most=1000)
    segment_id = IdField()
    list_id = IdField()


class QualificationSchema(StrictSchema):
    """What became of a lead; the same each time it is asked for."""

    lead_id = IdField(attribute="id")
    state = ChoiceField(LeadState)
    opportunity_id = IdField(allow_none=True)
    person_id = IdField(allow_none=True)
    company_id = IdField(allow_none=True)
    qualified_at = InstantField(allow_none=True)
    qualified_by = IdField(allow_none=True)
    kept_values = fields.List(fields.String())


class FieldChangeSchema(StrictSchema):
    """One change of one field: who, when, from what to what, and why."""

    field = fields.String()
    old = fields.Raw(allow_none=True)
    new = fields.Raw(allow_none=True)
    at = InstantField()
    actor_id = IdField(allow_none=True)
    actor_name = fields.String()
    cause = fields.String(allow_none=True)
    correlation_id = fields.String(allow_none=True)


MoveSchema = shape_for(Move)
WinningSchema = shape_for(Winning)
LosingSchema = shape_for(Losing)
TermsSchema = shape_for(Terms)
AddedMembersSchema = shape_for(AddedMembers)
SalesJobSchema = shape_for(SalesJob)
ResponseSchema = shape_for(Response)
DecisionSchema = shape_for(Decision)
DocumentSchema = shape_for(Document)
ForecastParametersSchema = shape_for(ForecastParameters)
ForecastChangesParametersSchema = shape_for(ForecastChangesParameters)
AssignmentSchema = shape_for(Assignment)
DisqualificationSchema = shape_for(Disqualification)
ActivityOutcomeSchema = shape_for(ActivityOutcome)
CancellationSchema = shape_for(Cancellation)
