"""Undoing a qualification that was a mistake: for some minutes, and while nobody did anything with the opportunity."""

from uuid import UUID

from chassis import parameters
from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from contracts.parameters import UNDO_QUALIFICATION_MINUTES
from services.sales.commands.qualification import FINISH_QUALIFICATION
from services.sales.domain.lead import Lead
from services.sales.domain.qualification import Outcome
from services.sales.errors import OpportunityIsTouched
from services.sales.queries import qualification as queries


def undo_qualification(uow: UnitOfWork, lead_id: UUID) -> Lead:
    """Have a qualified lead be open again; the opportunity that was opened for it goes to the bin.

    One that was there before has nothing of the lead any more. What was put on file in contacts stays.
    Raises ``VersionConflict``, ``LeadIsNotQualified``, ``UndoIsTooLate``, ``OpportunityIsTouched``.
    """
    uow.get(Lead, lead_id, lock=True)
    lead = uow.change(Lead, lead_id)
    lead.demand_undoable(parameters.value(uow, UNDO_QUALIFICATION_MINUTES), utc_now())
    if lead.opportunity_id is not None:
        _take_back(uow, lead.opportunity_id, lead.outcome or Outcome())
    lead.undo_qualification(uow.actor.user_id)
    uow.cancel_timer(FINISH_QUALIFICATION, str(lead_id))  # of a request that came too late, and died
    return lead


def _take_back(uow: UnitOfWork, opportunity_id: UUID, outcome: Outcome) -> None:
    # Whoever may take the lead back takes what the lead became with it, also where the opportunity is somebody else's.
    opportunity = queries.locked_opportunity(uow, opportunity_id)
    touched = outcome.touched(
        version=opportunity.version,
        quotes=queries.versions_of_quotes(uow, opportunity_id),
        activities=queries.versions_of_activities(uow, opportunity_id),
    )
    if touched:
        raise OpportunityIsTouched([each.value for each in touched], uow.call.locale)
    queries.unlink_activities(uow, outcome.linked)
    if outcome.opened:
        # The lead may become another one: only one opportunity comes from a lead.
        opportunity.leave(["source_lead_id"])
        uow.remove(opportunity)
    else:
        opportunity.leave(outcome.filled)
