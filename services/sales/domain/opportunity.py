"""An opportunity: a possible sale, from its first stage until it is won or lost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID

from chassis.fields import (
    AliasedId,
    Day,
    Id,
    Instant,
    Logged,
    LongText,
    Money,
    Name,
    Percentage,
    ReadOnly,
    Slug,
    Title,
    money,
    values,
)
from chassis.model import Aggregate, CustomFields, Mapped, Owned, SoftDeleted, column
from contracts.sales import (
    OpportunityCreated,
    OpportunityLost,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityWon,
)
from services.sales.domain.base import Model
from services.sales.domain.line import MOST_LINES, Line, total_of
from services.sales.domain.opportunity_state import ForecastCategory, OpportunityState
from services.sales.domain.pipeline import EntryCriterion, Pipeline, Stage, StageCategory
from services.sales.errors import (
    EntryCriteriaUnmet,
    LinesGiveTheAmount,
    OpportunityIsClosed,
    OpportunityIsOpen,
    OverrideNeedsAReason,
    TooManyLines,
)

WON_FOR_SURE: Final = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """From which stage to which an opportunity went, and since when it had been in the first."""

    from_stage_id: UUID
    to: Stage
    since: datetime


class Opportunity(Owned, SoftDeleted, CustomFields, Aggregate, Model):
    """A possible sale. With lines, its amount is their sum. It keeps the stage in which it was won or lost."""

    __tablename__ = "opportunities"
    resource: ClassVar = "opportunities"
    search_fields: ClassVar = ("name",)

    name: Mapped[Logged[Title]] = column(sort_order=1)
    state: Mapped[ReadOnly[Logged[OpportunityState]]] = column(default=OpportunityState.OPEN, index=True, sort_order=2)
    person_id: Mapped[Logged[AliasedId] | None] = column(index=True, sort_order=3)
    company_id: Mapped[Logged[AliasedId] | None] = column(index=True, sort_order=4)
    pipeline_id: Mapped[Id] = column(index=True, sort_order=5)
    stage_id: Mapped[Id] = column(index=True, sort_order=6)
    stage_entered_at: Mapped[ReadOnly[Instant]] = column(sort_order=7)
    amount: Mapped[Logged[Money] | None] = money("amount")
    lines: Mapped[ReadOnly[list[Line]]] = values(Line, most=MOST_LINES, sort_order=9)
    expected_close_on: Mapped[Logged[Day] | None] = column(index=True, sort_order=10)
    closed_on: Mapped[ReadOnly[Logged[Day]] | None] = column(index=True, sort_order=11)
    probability: Mapped[ReadOnly[Logged[Percentage]]] = column(default=Decimal(0), sort_order=12)
    probability_override: Mapped[Logged[Percentage] | None] = column(sort_order=13, doc="Instead of the stage's.")
    probability_reason: Mapped[Logged[LongText] | None] = column(sort_order=14)
    category: Mapped[ReadOnly[ForecastCategory]] = column(default=ForecastCategory.PIPELINE, index=True, sort_order=15)
    category_override: Mapped[Logged[StageCategory] | None] = column(sort_order=16, doc="Instead of the stage's.")
    close_reason_id: Mapped[ReadOnly[Logged[Id]] | None] = column(sort_order=17)
    close_note: Mapped[ReadOnly[Logged[LongText]] | None] = column(sort_order=18)
    source: Mapped[Logged[Slug] | None] = column(sort_order=19)
    campaign_id: Mapped[Logged[Id] | None] = column(index=True, sort_order=20, doc="The primary source.")
    source_lead_id: Mapped[ReadOnly[Id] | None] = column(unique=True, sort_order=21)
    next_step: Mapped[Logged[Name] | None] = column(sort_order=22)
    notes: Mapped[Logged[LongText] | None] = column(sort_order=23)

    if TYPE_CHECKING:

        def apply(self, changes: Mapping[str, Any]) -> None:
            """Set what a patch changes; every mapped class has it."""

    @property
    def weighted(self) -> Money | None:
        """The amount times the probability, to the currency's minor unit."""
        return None if self.amount is None else self.amount * (self.probability / 100)

    def begin(self, pipeline: Pipeline, stage: Stage, now: datetime) -> None:
        """Start a new opportunity in a stage. Raises what ``settle`` raises."""
        self.pipeline_id, self.stage_id, self.stage_entered_at = pipeline.id, stage.id, now
        self.settle(stage)
        self.record(
            OpportunityCreated(
                opportunity_id=self.id,
                name=self.name,
                person_id=self.person_id,
                company_id=self.company_id,
                pipeline_id=pipeline.id,
                stage_id=stage.id,
                stage=stage.name,
                amount=self.amount,
                expected_close_on=self.expected_close_on,
                source_lead_id=self.source_lead_id,
                campaign_id=self.campaign_id,
            )
        )

    def change(self, changes: Mapping[str, Any], stage: Stage) -> None:
        """Apply a patch; ``stage`` is the present one.

        Raises ``OpportunityIsClosed``, ``LinesGiveTheAmount``, ``OverrideNeedsAReason``.
        """
        if set(changes) & {"amount", "probability_override", "category_override"}:
            self._demand_open()
        if "amount" in changes and self.lines:
            raise LinesGiveTheAmount
        if changes.get("probability_override") is not None and not changes.get("probability_reason"):
            raise OverrideNeedsAReason
        self.apply(changes)
        self.settle(stage)

    def settle(self, stage: Stage) -> None:
        """Bring what follows from lines, stage and overrides up to date. Raises ``OverrideNeedsAReason``."""
        if self.probability_override is None:
            self._put("probability_reason", None)
        elif not self.probability_reason:
            raise OverrideNeedsAReason
        if self.lines and (total := total_of(self.lines)) != self.amount:
            self.amount = total
        if self.state is OpportunityState.OPEN:
            override = self.probability_override
            self._put("probability", stage.probability if override is None else override)
            self._put("category", ForecastCategory((self.category_override or stage.category).value))

    def move(
        self, pipeline: Pipeline, stage_id: UUID, now: datetime, also: Collection[EntryCriterion] = ()
    ) -> Passage | None:
        """Go to another stage of the pipeline; None where it is there already.

        ``also`` are criteria that are met outside of the opportunity itself.

        An overridden probability was about the stage it leaves and ends with it; an overridden category stays.
        Raises ``OpportunityIsClosed``, ``StageIsUnknown``, ``EntryCriteriaUnmet``.
        """
        self._demand_open()
        stage = pipeline.stage(stage_id)
        if stage_id == self.stage_id:
            return None
        self.demand(*pipeline.entered(self.stage_id, stage_id), also=also)
        passage = Passage(from_stage_id=self.stage_id, to=stage, since=self.stage_entered_at)
        self.stage_id, self.stage_entered_at, self.probability_override = stage_id, now, None
        self.settle(stage)
        self.record(
            OpportunityStageChanged(
                opportunity_id=self.id,
                name=self.name,
                person_id=self.person_id,
                company_id=self.company_id,
                from_stage_id=passage.from_stage_id,
                to_stage_id=stage.id,
                stage=stage.name,
                probability=self.probability,
            )
        )
        return passage

    def win(self, on: date, note: str | None) -> None:
        """End as a sale, on the day ``on``. Raises ``OpportunityIsClosed``."""
        self._close(OpportunityState.WON, on, WON_FOR_SURE, ForecastCategory.CLOSED)
        self.close_note = note
        self.record(
            OpportunityWon(
                opportunity_id=self.id,
                name=self.name,
                person_id=self.person_id,
                company_id=self.company_id,
                amount=self.amount,
                closed_on=on,
                campaign_id=self.campaign_id,
                source_lead_id=self.source_lead_id,
            )
        )

    def lose(self, on: date, reason_id: UUID, reason: str, note: str | None) -> None:
        """End without a sale, on the day ``on``; ``reason`` is the catalogue's slug. Raises ``OpportunityIsClosed``."""
        self._close(OpportunityState.LOST, on, Decimal(0), ForecastCategory.OMITTED)
        self.close_reason_id, self.close_note = reason_id, note
        self.record(
            OpportunityLost(
                opportunity_id=self.id,
                name=self.name,
                person_id=self.person_id,
                company_id=self.company_id,
                amount=self.amount,
                closed_on=on,
                stage_id=self.stage_id,
                reason=reason,
                campaign_id=self.campaign_id,
            )
        )

    def reopen(self, stage: Stage, now: datetime) -> None:
        """Be open again in the stage in which it ended. Raises ``OpportunityIsOpen``."""
        if self.state is OpportunityState.OPEN:
            raise OpportunityIsOpen
        was, self.state, self.stage_entered_at = self.state, OpportunityState.OPEN, now
        self.closed_on = self.close_reason_id = self.close_note = None
        self.settle(stage)
        self.record(
            OpportunityReopened(
                opportunity_id=self.id,
                name=self.name,
                person_id=self.person_id,
                company_id=self.company_id,
                was=was.value,
                stage_id=self.stage_id,
                amount=self.amount,
                campaign_id=self.campaign_id,
            )
        )

    def put_lines(self, lines: Sequence[Line], stage: Stage) -> None:
        """Have these lines and their sum as amount; the sum stays where the last line went.

        Raises ``OpportunityIsClosed``, ``TooManyLines``, ``CurrencyIsAnother``, ``AmountIsTooLarge``.
        """
        self._demand_open()
        if len(lines) > MOST_LINES:
            raise TooManyLines(limit=MOST_LINES)
        self.lines = list(lines)
        self.settle(stage)

    def facts(self) -> set[EntryCriterion]:
        """Return the entry criteria that this opportunity meets by itself."""
        held: dict[EntryCriterion, object] = {
            EntryCriterion.PERSON: self.person_id,
            EntryCriterion.COMPANY: self.company_id,
            EntryCriterion.AMOUNT: self.amount,
            EntryCriterion.LINES: self.lines,
            EntryCriterion.EXPECTED_CLOSE: self.expected_close_on,
        }
        return {criterion for criterion, fact in held.items() if fact}

    def join(self, lead_id: UUID, known: Mapping[str, Any]) -> list[str]:
        """Take a lead in: fill blanks with what is known of it, and return which; what is said already stays.

        Raises ``OpportunityIsClosed``.
        """
        self._demand_open()
        filled = []
        for name, given in {"source_lead_id": lead_id, **known}.items():
            if given is not None and getattr(self, name) is None:
                setattr(self, name, given)
                filled.append(name)
        return filled

    def leave(self, filled: Collection[str]) -> None:
        """Have nothing of a lead any more: what it filled is blank again."""
        for name in filled:
            setattr(self, name, None)

    def demand(self, *stages: Stage, also: Collection[EntryCriterion] = ()) -> None:
        """Raise ``EntryCriteriaUnmet`` unless the criteria of all these stages are met."""
        met = self.facts().union(also)
        unmet = [
            {"stage": stage.name, "criterion": criterion.value}
            for stage in stages
            for criterion in stage.entry_criteria
            if criterion not in met
        ]
        if unmet:
            raise EntryCriteriaUnmet(stages[-1].name, unmet)

    def _demand_open(self) -> None:
        if self.state is not OpportunityState.OPEN:
            raise OpportunityIsClosed(state=self.state)

    def _close(self, state: OpportunityState, on: date, probability: Decimal, category: ForecastCategory) -> None:
        self._demand_open()
        self.state, self.closed_on, self.probability, self.category = state, on, probability, category

    def _put(self, name: str, value: object) -> None:
        """Set an attribute only when it changes, so that an untouched field is not written."""
        if getattr(self, name) != value:
            setattr(self, name, value)
