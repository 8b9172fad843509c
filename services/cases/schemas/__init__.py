"""The public shapes of this service. Derived: a field is written in its model only."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from marshmallow import fields

from chassis.field_factory import field_for
from chassis.field_kinds import TextField
from chassis.field_kinds_exact import ChoiceField, FlagField, IdField, InstantField, WholeField
from chassis.field_kinds_nested import DocumentField, ListField
from chassis.fields import Count, Email, Flag, Id, Instant, LongText, Slug
from chassis.schema import StrictSchema, schema_for, shape_for
from chassis.vocabulary import AnyField, describe
from contracts.contacts import Channel, Direction
from services.cases.domain.calendar import Calendar
from services.cases.domain.cards import Account, Actions, ClockCard, TaskCard
from services.cases.domain.case import Case
from services.cases.domain.case_type import CaseType, EffectiveType
from services.cases.domain.entry import Attachment, Entry
from services.cases.domain.holiday_set import HolidaySet
from services.cases.domain.precondition import Unmet
from services.cases.domain.priority import Priority
from services.cases.domain.project import Project
from services.cases.domain.project_plan import ProjectPlan
from services.cases.domain.reopening_rule import ReopeningRule
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.domain.survey import Score, Survey, SurveyPage, SurveyResults
from services.cases.domain.task import CaseTask, ProjectTask
from services.cases.domain.type_version import Propagation, TypePreview, TypeVersionCard
from services.cases.domain.workflow import Workflow

HolidaySetSchema = schema_for(HolidaySet)
CalendarSchema = schema_for(Calendar)
SlaPolicySchema = schema_for(SlaPolicy)
CaseTypeSchema = schema_for(CaseType, effective=EffectiveType)
TypeChangesSchema = schema_for(CaseType, name="TypeChanges", exclude=("name", "slug"))
TypePreviewSchema = shape_for(TypePreview)
TypeVersionSchema = shape_for(TypeVersionCard)
PropagationSchema = shape_for(Propagation)
WorkflowSchema = schema_for(Workflow)
ReopeningRuleSchema = schema_for(ReopeningRule)
UnmetSchema = shape_for(Unmet)


@dataclass(frozen=True, kw_only=True)
class CalendarReplacement:
    """The calendar that takes the place of another one in every policy."""

    replacement_id: Id


CalendarReplacementSchema = shape_for(CalendarReplacement)


def _given(hint: Any, description: str) -> AnyField:
    """Return a field that is only sent, never shown."""
    return field_for(describe(hint), load_only=True, metadata={"description": description})


CaseRowSchema = schema_for(Case, name="CaseRow", responsible_id=Id | None)
CaseSchema = schema_for(
    Case, responsible_id=Id | None, canonical_id=Id | None, sla=list[ClockCard], tasks=list[TaskCard]
)
NewCaseSchema = schema_for(
    Case,
    name="NewCase",
    exclude=("resolver_id",),
    responsible_id=_given(Id, "Who answers to the customer; as the type says, or the caller, where nobody is named."),
    resolver_id=_given(Id, "Who does the work."),
    direction=_given(Direction, "Whether the customer began (inbound) or we did (outbound)."),
    reached=_given(Flag, "Whether an outgoing call or visit reached the customer."),
    sla=list[ClockCard],
    tasks=list[TaskCard],
)
EntrySchema = schema_for(Entry)
TaskSchema = schema_for(CaseTask)
ClockCardSchema = shape_for(ClockCard)
AccountSchema = shape_for(Account)
ActionsSchema = shape_for(Actions)

ProjectRowSchema = schema_for(Project, name="ProjectRow", responsible_id=Id | None)
ProjectSchema = schema_for(Project, responsible_id=Id | None, tasks=list[TaskCard])
NewProjectSchema = schema_for(
    Project,
    name="NewProject",
    responsible_id=_given(Id, "Who is responsible; as the plan says, or the caller, where nobody is named."),
    plan_id=_given(Id, "The plan whose tasks it has."),
    tasks=list[TaskCard],
)
ProjectTaskSchema = schema_for(ProjectTask)
ProjectPlanSchema = schema_for(ProjectPlan)


class ProjectAssignmentSchema(StrictSchema):
    """Who is responsible for a project from now on."""

    responsible_id = IdField(required=True)
    because = TextField(most=255)


class ProjectCancellationSchema(StrictSchema):
    """Why a project is given up."""

    because = TextField(most=255)


@dataclass(frozen=True, kw_only=True)
class CaseTransition:
    """Where a case goes: the key of a transition, or of the state that it leads to."""

    transition: Slug
    solution: LongText | None = None


class OneContactSchema(StrictSchema):
    """Which contact is asked about."""

    contact_id = IdField(required=True)


class AssignmentSchema(StrictSchema):
    """Who has a case from now on; who is not named stays."""

    responsible_id = IdField(allow_none=True)
    resolver_id = IdField(allow_none=True)
    group_id = IdField(allow_none=True)
    because = TextField(most=255)


class Inheritable(StrEnum):
    """What types below take over from a type, unless they say it themselves."""

    KIND = "kind"
    PRIORITY = "priority"
    RESPONSIBLE = "responsible_id"
    RESOLVER = "resolver_id"
    GROUP = "group_id"
    WORKFLOW = "workflow_id"
    SLA_POLICY = "sla_policy_id"
    SURVEY = "survey"
    ACKNOWLEDGEMENT = "acknowledgement"
    FIELDS = "fields"


class PropagateSchema(StrictSchema):
    """Who follows a type: types below, which give up these attributes of their own, and open cases."""

    attributes = ListField(ChoiceField(Inheritable), most=len(Inheritable))
    children = FlagField()
    open_cases = FlagField()


class CaseMergeSchema(StrictSchema):
    """Which cases another one takes up, and why."""

    absorbed_ids = ListField(IdField(), most=50, required=True)
    reason = TextField(most=255)


class CaseSplitSchema(StrictSchema):
    """What goes on in a new case, and what that is about; without a type it has that of this case."""

    entry_ids = ListField(IdField(), most=1000, required=True)
    subject = TextField(least=1, most=255, required=True)
    type_id = IdField()
    fields = DocumentField()  # type: ignore[assignment] # the schema keeps its own fields elsewhere
    priority = ChoiceField(Priority)
    responsible_id = IdField()
    resolver_id = IdField()


class SurveyScopeSchema(StrictSchema):
    """Whose satisfaction: a person's or a company's; everybody's without."""

    contact_id = IdField()


class TakeOverSchema(StrictSchema):
    """Why a supervisor takes a case over."""

    because = TextField(most=255)


class EscalationSchema(StrictSchema):
    """To whom the work is passed on, and why."""

    resolver_id = IdField(allow_none=True)
    group_id = IdField(allow_none=True)
    because = TextField(least=1, most=255, required=True)
    level = WholeField(least=1, most=9)


@dataclass(frozen=True, kw_only=True)
class NewReply:
    """An answer to the customer. Without recipients it goes to whoever wrote to us."""

    text: LongText
    recipients: list[Email] = field(default_factory=list)
    copies: list[Email] = field(default_factory=list)
    channel: Channel | None = None
    attachments: list[Attachment] = field(default_factory=list)
    automatic: Flag = False


@dataclass(frozen=True, kw_only=True)
class NewNote:
    """A note among ourselves."""

    text: LongText
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """What the customer wrote or said."""

    text: LongText
    channel: Channel | None = None
    sender: Email | None = None
    attachments: list[Attachment] = field(default_factory=list)
    automatic: Flag = False


@dataclass(frozen=True, kw_only=True)
class DetectedNeed:
    """What the customer may need, in words, and the interest that it is where the catalogue has one."""

    need: LongText
    interest_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class SurveyRequest:
    """Which case the customer is asked about."""

    case_id: Id


@dataclass(frozen=True, kw_only=True)
class SurveyAnswer:
    """From 1, very dissatisfied, to 5, very satisfied."""

    score: Score
    comment: LongText | None = None


@dataclass(frozen=True, kw_only=True)
class CasesJob:
    """Long work in the background; it says how many open clocks (of a type: cases) it examined and moved."""

    id: Id
    kind: Slug
    state: Slug
    progress_done: Count
    progress_total: Count | None
    examined: Count | None
    moved: Count | None
    error: LongText | None
    cancel_requested: Flag
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None


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


TransitionSchema = shape_for(CaseTransition)
ReplySchema = shape_for(NewReply)
NoteSchema = shape_for(NewNote)
MessageSchema = shape_for(NewMessage)
NeedSchema = shape_for(DetectedNeed)
CasesJobSchema = shape_for(CasesJob)
SurveySchema = schema_for(Survey)
SurveyRequestSchema = shape_for(SurveyRequest)
SurveyAnswerSchema = shape_for(SurveyAnswer)
SurveyPageSchema = shape_for(SurveyPage)
SurveyResultsSchema = shape_for(SurveyResults)
