"""The tree of case types: what a case is about, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from chassis.fields import Flag, Id, Internal, Logged, LongText, Name, Slug, value, values
from chassis.indexes import ForeignKey
from chassis.model import Aggregate, Mapped, column
from chassis.translated import Translated, TranslatedText
from contracts.case_types import CaseTypePropagated, CaseTypeVersionActivated
from services.cases.domain.base import Model
from services.cases.domain.minutes import Minutes
from services.cases.domain.priority import Priority
from services.cases.domain.type_field import TypeField


@dataclass(frozen=True, kw_only=True)
class TypeTask:
    """A task that every case of the type is born with, due so many minutes of working time after its birth."""

    title: Name
    description: LongText | None = None
    due_minutes: Minutes | None = None
    required: Flag = False
    assignee_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class EffectiveType:
    """What holds for a type: its own values over those of the types above it."""

    path: list[Translated]
    kind: Slug | None = None
    priority: Priority | None = None
    responsible_id: Id | None = None
    resolver_id: Id | None = None
    group_id: Id | None = None
    workflow_id: Id | None = None
    sla_policy_id: Id | None = None
    survey: Flag | None = None
    acknowledgement: TranslatedText | None = None
    tasks: list[TypeTask] = field(default_factory=list)
    fields: list[TypeField] = field(default_factory=list)


class CaseType(Aggregate, Model):
    """A node of the tree. What it leaves open holds as the nearest type above it says, today and tomorrow.

    Tasks and fields of the types above come first; a field of the same name replaces the one above.
    """

    __tablename__ = "case_types"
    resource: ClassVar = "case-types"
    search_fields: ClassVar = ("words",)

    name: Mapped[Logged[Translated]] = value(Translated)
    slug: Mapped[Logged[Slug]] = column(unique=True)
    parent_id: Mapped[Logged[Id] | None] = column(ForeignKey("case_types.id"), index=True)
    ancestor_ids: Mapped[Internal[list[Id]]] = values(Id)
    active: Mapped[Logged[Flag]] = column(default=True)
    kind: Mapped[Logged[Slug] | None] = column(index=True, doc="request, order, complaint, incident …")
    priority: Mapped[Logged[Priority] | None]
    responsible_id: Mapped[Logged[Id] | None] = column(doc="Who answers to the customer.")
    resolver_id: Mapped[Logged[Id] | None] = column(doc="Who does the work.")
    group_id: Mapped[Logged[Id] | None] = column(doc="The area that the case belongs to.")
    workflow_id: Mapped[Logged[Id] | None] = column(ForeignKey("workflows.id"), index=True)
    sla_policy_id: Mapped[Logged[Id] | None] = column(ForeignKey("sla_policies.id"), index=True)
    survey: Mapped[Logged[Flag] | None] = column(doc="Whether the customer is asked how satisfied they are.")
    acknowledgement: Mapped[Logged[TranslatedText] | None] = value(
        TranslatedText, doc="What the customer is written by itself when a case that they began is on file."
    )
    tasks: Mapped[Logged[list[TypeTask]]] = values(TypeTask, most=50)
    fields: Mapped[Logged[list[TypeField]]] = values(TypeField, most=100)

    def activate(self, number: int, changed: Sequence[str]) -> None:
        """Tell that a version holds for the type from now on."""
        told = CaseTypeVersionActivated(case_type_id=self.id, slug=self.slug, number=number, changed=list(changed))
        self.record(told)

    def propagated(self, examined: int, changed: int) -> None:
        """Tell that the open cases of the type and of those below it follow it now."""
        self.record(CaseTypePropagated(case_type_id=self.id, slug=self.slug, examined=examined, changed=changed))

    @property
    def words(self) -> str:
        """What the type is found by."""
        return f"{self.name.es} {self.name.en} {self.slug} {self.kind or ''}"


SCALARS = (
    "kind",
    "priority",
    "responsible_id",
    "resolver_id",
    "group_id",
    "workflow_id",
    "sla_policy_id",
    "survey",
    "acknowledgement",
)


def effective(chain: Sequence[CaseType]) -> EffectiveType:
    """Return what holds for the last type of ``chain``, which begins at the root."""
    scalars = {
        name: next((found for each in reversed(chain) if (found := getattr(each, name)) is not None), None)
        for name in SCALARS
    }
    fields = {each.name: each for node in chain for each in node.fields}
    return EffectiveType(
        path=[node.name for node in chain],
        tasks=[task for node in chain for task in node.tasks],
        fields=list(fields.values()),
        **scalars,
    )
