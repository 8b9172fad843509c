"""A pipeline: the stages that a possible sale goes through, and what each of them asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from chassis.fields import Flag, Id, Logged, LongText, Name, Percentage, values
from chassis.ids import new_id
from chassis.model import Aggregate, Mapped, column
from services.sales.domain.base import Model
from services.sales.errors import StageIsUnknown, StagesAreWrong


class StageCategory(StrEnum):
    """How much an open stage counts in the forecast; what is omitted is never in it."""

    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"
    OMITTED = "omitted"


class EntryCriterion(StrEnum):
    """What a stage may ask of an opportunity before it enters."""

    PERSON = "person"
    COMPANY = "company"
    AMOUNT = "amount"
    LINES = "lines"
    EXPECTED_CLOSE = "expected_close"
    QUOTE_SENT = "quote_sent"
    QUOTE_ACCEPTED = "quote_accepted"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step of a pipeline. Won and lost are no stages: an opportunity keeps the stage in which it ended."""

    name: Name
    probability: Percentage
    category: StageCategory
    entry_criteria: list[EntryCriterion] = field(default_factory=list)
    id: Id = field(default_factory=new_id)


class Pipeline(Aggregate, Model):
    """The stages of one way of selling, in their order."""

    __tablename__ = "pipelines"
    resource: ClassVar = "pipelines"
    search_fields: ClassVar = ("name",)

    name: Mapped[Logged[Name]] = column(unique=True)
    description: Mapped[Logged[LongText] | None]
    is_default: Mapped[Logged[Flag]] = column(default=False, doc="Where an opportunity begins that names no pipeline.")
    active: Mapped[Logged[Flag]] = column(default=True)
    stages: Mapped[Logged[list[Stage]]] = values(Stage, most=30)

    def settle(self) -> None:
        """Check a new or changed pipeline. Raises ``StagesAreWrong``."""
        ids = [stage.id for stage in self.stages]
        names = [stage.name.casefold() for stage in self.stages]
        if not ids or len(set(ids)) < len(ids) or len(set(names)) < len(names):
            raise StagesAreWrong

    def change(self, changes: Mapping[str, Any]) -> set[UUID]:
        """Apply a patch and return the ids of the stages that are gone. Raises ``StagesAreWrong``."""
        before = {stage.id for stage in self.stages}
        self.apply(changes)
        self.settle()
        return before - {stage.id for stage in self.stages}

    def stage(self, stage_id: UUID) -> Stage:
        """Return a stage. Raises ``StageIsUnknown``."""
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise StageIsUnknown(pipeline=self.name)

    def entered(self, from_id: UUID | None, to_id: UUID) -> list[Stage]:
        """Return the stages whose criteria a move has to meet: those passed on the way forward, and the last one.

        Going back asks for nothing. Raises ``StageIsUnknown``.
        """
        order = [stage.id for stage in self.stages]
        target = order.index(self.stage(to_id).id)
        start = order.index(from_id) if from_id in order else -1
        return list(self.stages[start + 1 : target + 1])
