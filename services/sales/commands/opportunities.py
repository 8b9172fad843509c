"""Everything a user can do to an opportunity."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.clock import utc_now
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.close_reason import Ending
from services.sales.domain.line import Line, NewLine, lines_of, with_line
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.opportunity_state import OpportunityState
from services.sales.domain.pipeline import EntryCriterion, Pipeline, Stage
from services.sales.domain.stage_change import StageChange, Step, seconds_between
from services.sales.errors import ClosesInTheFuture
from services.sales.queries import pipelines, quotes


def create_opportunity(
    uow: UnitOfWork,
    *,
    pipeline_id: UUID | None = None,
    stage_id: UUID | None = None,
    lines: Sequence[NewLine] = (),
    **attributes: Any,
) -> Opportunity:
    """Open an opportunity, in the first stage of the default pipeline unless others are named.

    Raises ``NotFound``, ``NoDefaultPipeline``, ``PipelineIsSwitchedOff``, ``StageIsUnknown``,
    ``EntryCriteriaUnmet``, and what lines raise.
    """
    pipeline = pipelines.pipeline_for_new(uow, pipeline_id)
    stage = pipeline.stages[0] if stage_id is None else pipeline.stage(stage_id)
    opportunity = Opportunity(**attributes, lines=lines_of(lines))
    opportunity.settle(stage)
    opportunity.demand(stage)
    return open_in(uow, opportunity, pipeline, stage)


def open_in(uow: UnitOfWork, opportunity: Opportunity, pipeline: Pipeline, stage: Stage) -> Opportunity:
    """Open an opportunity in a stage, whatever the stage asks for."""
    now = utc_now()
    opportunity.begin(pipeline, stage, now)
    uow.add(opportunity)
    _note(uow, opportunity, Step.CREATED, stage, now)
    return opportunity


def update_opportunity(uow: UnitOfWork, opportunity_id: UUID, changes: Mapping[str, Any]) -> Opportunity:
    """Change an opportunity. Raises ``VersionConflict``, and what ``Opportunity.change`` raises."""
    opportunity = uow.change(Opportunity, opportunity_id)
    opportunity.change(changes, _stage(uow, opportunity))
    return opportunity


def delete_opportunity(uow: UnitOfWork, opportunity_id: UUID) -> None:
    """Put an opportunity in the bin."""
    uow.remove(uow.change(Opportunity, opportunity_id))


def restore_opportunity(uow: UnitOfWork, opportunity_id: UUID) -> Opportunity:
    """Take an opportunity out of the bin."""
    opportunity = uow.change(Opportunity, opportunity_id, deleted=True)
    opportunity.restore()
    return opportunity


def move_opportunity(uow: UnitOfWork, opportunity_id: UUID, stage_id: UUID) -> Opportunity:
    """Move an opportunity to another stage. Raises what ``Opportunity.move`` raises."""
    opportunity = uow.change(Opportunity, opportunity_id)
    pipeline, now = pipelines.pipeline(uow, opportunity.pipeline_id), utc_now()
    passage = opportunity.move(pipeline, stage_id, now, _met_by_quotes(uow, opportunity))
    if passage is not None:
        before = pipeline.stage(passage.from_stage_id)
        _note(uow, opportunity, Step.MOVED, passage.to, now, before=before, since=passage.since)
    return opportunity


def win_opportunity(
    uow: UnitOfWork, opportunity_id: UUID, *, closed_on: date | None = None, note: str | None = None
) -> Opportunity:
    """Win an opportunity, today unless ``closed_on`` says when.

    Raises ``OpportunityIsClosed``, ``ClosesInTheFuture``.
    """
    opportunity = uow.change(Opportunity, opportunity_id)
    opportunity.win(_day(uow, closed_on), note)
    _ended(uow, opportunity, Step.WON, note)
    return opportunity


def lose_opportunity(
    uow: UnitOfWork, opportunity_id: UUID, *, reason_id: UUID, closed_on: date | None = None, note: str | None = None
) -> Opportunity:
    """Lose an opportunity for a reason of the catalogue.

    Raises ``CloseReasonIsUnknown``, ``OpportunityIsClosed``, ``ClosesInTheFuture``.
    """
    opportunity = uow.change(Opportunity, opportunity_id)
    reason = pipelines.active_reason(uow, Ending.OPPORTUNITY, reason_id)
    opportunity.lose(_day(uow, closed_on), reason.id, reason.slug, note)
    _ended(uow, opportunity, Step.LOST, f"{reason.slug}: {note}" if note else reason.slug)
    return opportunity


def reopen_opportunity(uow: UnitOfWork, opportunity_id: UUID) -> Opportunity:
    """Open an opportunity again in the stage where it ended. Raises ``OpportunityIsOpen``."""
    opportunity = uow.change(Opportunity, opportunity_id)
    stage, now = _stage(uow, opportunity), utc_now()
    opportunity.reopen(stage, now)
    _note(uow, opportunity, Step.REOPENED, stage, now, before=stage)
    return opportunity


def add_line(uow: UnitOfWork, opportunity_id: UUID, new: NewLine) -> Opportunity:
    """Add a line; the amount follows. Raises what ``Opportunity.put_lines`` raises."""
    opportunity = uow.change(Opportunity, opportunity_id)
    opportunity.put_lines([*opportunity.lines, Line.of(new)], _stage(uow, opportunity))
    return opportunity


def replace_line(uow: UnitOfWork, opportunity_id: UUID, line_id: UUID, new: NewLine) -> Opportunity:
    """Replace a line. Raises ``NotFound``, and what ``Opportunity.put_lines`` raises."""
    return _with_line(uow, opportunity_id, line_id, new)


def remove_line(uow: UnitOfWork, opportunity_id: UUID, line_id: UUID) -> None:
    """Take a line away; the amount follows, and stays when it was the last one. Raises ``NotFound``."""
    _with_line(uow, opportunity_id, line_id, None)


def take_lines(uow: UnitOfWork, opportunity_id: UUID, lines: Sequence[Line]) -> None:
    """Have an open opportunity be about what a quote offers; a closed one stays as it is."""
    opportunity = uow.session.get_one(Opportunity, opportunity_id)
    if opportunity.state is OpportunityState.OPEN:
        opportunity.put_lines([line.again() for line in lines], _stage(uow, opportunity))


def today(uow: UnitOfWork) -> date:
    """Return the present day where the caller is."""
    return utc_now().astimezone(ZoneInfo(uow.actor.time_zone)).date()


def _with_line(uow: UnitOfWork, opportunity_id: UUID, line_id: UUID, new: NewLine | None) -> Opportunity:
    opportunity = uow.change(Opportunity, opportunity_id)
    lines = with_line(opportunity.lines, line_id, new)
    if lines is None:
        raise NotFound(resource="lines", id=str(line_id))
    opportunity.put_lines(lines, _stage(uow, opportunity))
    return opportunity


def _day(uow: UnitOfWork, given: date | None) -> date:
    present = today(uow)
    if given is not None and given > present:
        raise ClosesInTheFuture(closed_on=str(given))
    return given or present


def _stage(uow: UnitOfWork, opportunity: Opportunity) -> Stage:
    return pipelines.pipeline(uow, opportunity.pipeline_id).stage(opportunity.stage_id)


def _met_by_quotes(uow: UnitOfWork, opportunity: Opportunity) -> list[EntryCriterion]:
    met = []
    if quotes.was_sent(uow, opportunity.id, accepted=False):
        met.append(EntryCriterion.QUOTE_SENT)
    if quotes.was_sent(uow, opportunity.id, accepted=True):
        met.append(EntryCriterion.QUOTE_ACCEPTED)
    return met


def _ended(uow: UnitOfWork, opportunity: Opportunity, step: Step, reason: str | None) -> None:
    stage = _stage(uow, opportunity)
    _note(uow, opportunity, step, stage, utc_now(), before=stage, since=opportunity.stage_entered_at, reason=reason)


def _note(
    uow: UnitOfWork,
    opportunity: Opportunity,
    step: Step,
    stage: Stage,
    now: datetime,
    *,
    before: Stage | None = None,
    since: datetime | None = None,
    reason: str | None = None,
) -> None:
    uow.session.add(
        StageChange(
            opportunity_id=opportunity.id,
            step=step,
            from_stage_id=before and before.id,
            from_stage=before and before.name,
            to_stage_id=stage.id,
            to_stage=stage.name,
            probability=opportunity.probability,
            amount=opportunity.amount,
            reason=reason,
            seconds_before=None if since is None else seconds_between(since, now),
            at=now,
            actor_id=uow.actor.user_id,
            actor_name=uow.actor.name[:255],
        )
    )
