"""The public shapes of this service. Derived: a field is written in its model only."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields

from chassis.field_factory import field_for
from chassis.field_kinds_exact import ChoiceField, IdField, InstantField, WholeField
from chassis.field_kinds_nested import ListField, SetField
from chassis.fields import Count, Day, Flag, Id, Instant, LongText, Name, ShortText, Slug, Url
from chassis.schema import StrictSchema, schema_for, shape_for
from chassis.vocabulary import AnyField, describe
from contracts.consents import ConsentChannel, Purpose
from contracts.contacts import Channel, ContactKind, Direction, LeadPrecondition
from services.contacts.domain.branch import Branch
from services.contacts.domain.company import Company
from services.contacts.domain.consent_views import ConsentCell, ConsentChange, ConsentValues, Reachable
from services.contacts.domain.contact_list import AddedToList, ContactList
from services.contacts.domain.employment import Employment, EmploymentCard, NewEmployment
from services.contacts.domain.field_choices import FieldWinner
from services.contacts.domain.interaction import Interaction, Outcome
from services.contacts.domain.interest import ContactInterest, Interest
from services.contacts.domain.link_kind import LinkKind
from services.contacts.domain.member_card import MemberCard
from services.contacts.domain.merge import MOST, ContactMerge, MergeConflict
from services.contacts.domain.person import Person
from services.contacts.domain.prospect import Prospect
from services.contacts.domain.relation import Relation
from services.contacts.domain.relation_type import RelationType
from services.contacts.domain.relation_view import RelationView
from services.contacts.domain.segment import Segment
from services.contacts.domain.timeline_entry import TimelineEntry
from services.contacts.domain.weight import Weight


def _given(hint: Any, description: str) -> AnyField:
    """Return a field that is only sent, never shown."""
    return field_for(describe(hint), load_only=True, metadata={"description": description})


_ALLOW = "Create it although it may already be on file."

_CANONICAL = field_for(
    describe(Id | None),
    dump_only=True,
    metadata={"description": "Its own id where it was asked for by the id of a record merged into it."},
)

PersonSchema = schema_for(Person, employments=list[EmploymentCard], canonical_id=_CANONICAL)
NewPersonSchema = schema_for(
    Person,
    name="NewPerson",
    employments=_given(list[NewEmployment], "Where the person works."),
    allow_duplicate=_given(Flag, _ALLOW),
)
CompanySchema = schema_for(Company, canonical_id=_CANONICAL)
NewCompanySchema = schema_for(Company, name="NewCompany", allow_duplicate=_given(Flag, _ALLOW))
EmploymentSchema = schema_for(Employment, person_name=ShortText, company_name=ShortText)
InterestSchema = schema_for(Interest)
ContactInterestSchema = schema_for(ContactInterest, interest=Name)
RelationTypeSchema = schema_for(RelationType)
RelationSchema = schema_for(Relation)
RelationViewSchema = shape_for(RelationView)
LinkKindSchema = schema_for(LinkKind)
BranchSchema = schema_for(Branch)
InteractionSchema = schema_for(Interaction)
MergeSchema = schema_for(ContactMerge, waiting_for=list[Name])
TimelineEntrySchema = schema_for(TimelineEntry, summary=LongText | None)
_TREE: dict[str, Any] = {
    "required": True,
    "metadata": {"type": "object", "description": "The filter tree of POST …/search."},
}
# A filter is not merged into the one before, as other objects of a patch are: half of each would be neither.
SegmentSchema = schema_for(Segment, filter=fields.Raw(**_TREE))
SegmentChangeSchema = schema_for(Segment, name="SegmentChange", exclude=("kind",), filter=fields.Raw(**_TREE))
ContactListSchema = schema_for(ContactList)
ContactListChangeSchema = schema_for(ContactList, name="ContactListChange", exclude=("kind",))
MemberSchema = shape_for(MemberCard)


@dataclass(frozen=True, kw_only=True)
class NewInteraction:
    """Something that happened between us and a contact."""

    channel: Channel
    direction: Direction
    summary: LongText
    person_id: Id | None = None
    company_id: Id | None = None
    occurred_at: Instant | None = None
    outcome: Outcome = Outcome.REACHED
    duration_seconds: Count | None = None
    branch_id: Id | None = None
    reference: ShortText | None = None
    owner_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class InteractionCorrection:
    """What may be put right afterwards."""

    summary: LongText


@dataclass(frozen=True, kw_only=True)
class EmploymentChange:
    """What may change while somebody works somewhere; who and where may not."""

    role: Name | None
    department: Name | None
    primary: Flag
    starts_on: Day | None
    ends_on: Day | None


@dataclass(frozen=True, kw_only=True)
class NewRelation:
    """What the contact is to ``other_id``; with ``inverse``, what the other is to the contact."""

    type_id: Id
    other_id: Id
    inverse: Flag = False
    starts_on: Day | None = None
    notes: LongText | None = None


@dataclass(frozen=True, kw_only=True)
class RelationEnding:
    """When a relation ends; today where it is not said."""

    ends_on: Day | None = None


@dataclass(frozen=True, kw_only=True)
class InterestValues:
    """How much a contact is interested, and how we know."""

    weight: Weight = 50
    source: Slug | None = None
    notes: LongText | None = None


@dataclass(frozen=True, kw_only=True)
class DuplicatePair:
    """Two contacts that were looked at and are two."""

    contact_id: Id
    other_id: Id


@dataclass(frozen=True, kw_only=True)
class JobCard:
    """Long work in the background; ``download`` is where its file is, once it is done."""

    id: Id
    kind: Slug
    state: Slug
    progress_done: Count
    progress_total: Count | None
    rows: Count | None
    download: Url | None
    error: LongText | None
    cancel_requested: Flag
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None


@dataclass(frozen=True, kw_only=True)
class DuplicateMatch:
    """Another contact that may be the same; a hidden one says only that it exists, and whose it is."""

    hidden: Flag
    certainty: Slug
    id: Id | None = None
    name: ShortText | None = None
    reasons: list[Name] = field(default_factory=list)
    owner_id: Id | None = None


class ListedContactsSchema(StrictSchema):
    """Contacts of the list's kind that are put on it, each once."""

    contact_ids = SetField(IdField(), most=1000, required=True)


class NewProspectSchema(StrictSchema):
    """Whom a lead brings, on file or not; ``demands`` is what must hold, ``wants`` names interests by id or slug."""

    demands = SetField(ChoiceField(LeadPrecondition), most=len(LeadPrecondition), required=True)
    person_id = IdField(required=True, allow_none=True)
    company_id = IdField(required=True, allow_none=True)
    person = fields.Nested(NewPersonSchema, required=True, allow_none=True)
    company = fields.Nested(NewCompanySchema, required=True, allow_none=True)
    wants = ListField(field_for(describe(ShortText)), most=100, required=True)
    owner_id = IdField(required=True, allow_none=True)
    allow_duplicate = field_for(describe(Flag), required=True)


class ReachQuestionSchema(StrictSchema):
    """Whom to look at, and by which channel and for what they would be reached."""

    kind = ChoiceField(ContactKind, load_default=ContactKind.PERSON)
    ids = SetField(IdField(), most=1000, required=True)
    channel = ChoiceField(ConsentChannel, required=True)
    purpose = ChoiceField(Purpose, required=True)


class ConsentsToldSchema(StrictSchema):
    """How many changes of consents were ever told."""

    told = WholeField(dump_only=True)


class MergeRequestSchema(StrictSchema):
    """Which records are to become one with the one that is asked, and whose values count where it is not its own."""

    absorbed_ids = SetField(IdField(), most=MOST, required=True)
    choices = ListField(field_for(describe(FieldWinner)), most=100)
    reason = field_for(describe(LongText | None))


class DuplicatesMergeSchema(MergeRequestSchema):
    """The same, with the record that is to be left."""

    survivor_id = IdField(required=True)


@dataclass(frozen=True, kw_only=True)
class UnmergeRequest:
    """Which merge is to be undone, the latest where it is not said, and why."""

    merge_id: Id | None = None
    reason: LongText | None = None


class PreviewedValueSchema(StrictSchema):
    """What one of the records says in a field."""

    contact_id = IdField()
    value = fields.Raw(allow_none=True)


class PreviewedFieldSchema(StrictSchema):
    """A field on which the records differ, and what it becomes."""

    field = fields.String()
    winner_id = IdField(allow_none=True)
    result = fields.Raw(allow_none=True)
    values = fields.List(fields.Nested(PreviewedValueSchema))


class MergePreviewSchema(StrictSchema):
    """What a merge would do; ``counts`` says by service and resource how many records come to name the survivor."""

    survivor_id = IdField()
    absorbed_ids = fields.List(IdField())
    differences = fields.List(fields.Nested(PreviewedFieldSchema))
    conflicts = fields.List(fields.Nested(shape_for(MergeConflict)))
    counts = fields.Dict(keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer()))


class ExportSchema(StrictSchema):
    """Which contacts to export: the same filter tree, words and order as a search; all of them without."""

    filter = fields.Raw()
    q = fields.String()


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


NewInteractionSchema = shape_for(NewInteraction)
InteractionCorrectionSchema = shape_for(InteractionCorrection)
EmploymentChangeSchema = shape_for(EmploymentChange)
NewRelationSchema = shape_for(NewRelation)
RelationEndingSchema = shape_for(RelationEnding)
InterestValuesSchema = shape_for(InterestValues)
JobSchema = shape_for(JobCard)
UnmergeSchema = shape_for(UnmergeRequest)
ProspectSchema = shape_for(Prospect)
DuplicatePairSchema = shape_for(DuplicatePair)
DuplicateMatchSchema = shape_for(DuplicateMatch)
AddedToListSchema = shape_for(AddedToList)
ConsentValuesSchema = shape_for(ConsentValues)
ConsentCellSchema = shape_for(ConsentCell)
ConsentChangeSchema = shape_for(ConsentChange)
ReachableSchema = shape_for(Reachable)
