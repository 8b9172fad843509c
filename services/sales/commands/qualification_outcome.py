"""What a qualification leads to: a new opportunity, one that is open already, or none."""

from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from services.sales.commands import opportunities
from services.sales.domain.lead import Lead
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.opportunity_state import OpportunityState
from services.sales.domain.qualification import Outcome, Settled, Terms
from services.sales.errors import OpportunityIsClosed, TermsContradict
from services.sales.queries import pipelines
from services.sales.queries import qualification as queries


def demand_possible(uow: UnitOfWork, terms: Terms) -> None:
    """Refuse what could not be completed, before anything is done.

    Raises ``TermsContradict``; for an opportunity to join ``OpportunityIsClosed``, and ``NotFound`` where the caller
    may not change it; for a new one ``NoDefaultPipeline`` and ``PipelineIsSwitchedOff``.
    """
    if unfit := terms.contradiction():
        raise TermsContradict(fields=", ".join(unfit))
    if terms.opportunity_id is not None:
        _open_one(uow, terms.opportunity_id)
    elif terms.opens_one:
        pipelines.check_may_open(uow, terms.pipeline_id)


def complete(uow: UnitOfWork, lead: Lead, settled: Settled, terms: Terms, by: UUID | None) -> None:
    """Have the lead become what is wanted, and remember what was done. Raises what ``demand_possible`` raises."""
    if terms.opportunity_id is not None:
        _join(uow, lead, settled, terms.opportunity_id, by)
    elif terms.without_opportunity:
        lead.qualify(settled, None, Outcome(opened=False), by, utc_now())
    else:
        _open(uow, lead, settled, terms, by)


def _open(uow: UnitOfWork, lead: Lead, settled: Settled, terms: Terms, by: UUID | None) -> None:
    owner_id = terms.owner_id or lead.owner_id or by
    pipeline, seller = pipelines.pipeline_and_seller(uow, terms.pipeline_id, owner_id)
    opportunity = Opportunity(
        name=terms.name or lead.title,
        person_id=settled.person_id,
        company_id=settled.company_id,
        amount=terms.amount,
        expected_close_on=terms.expected_close_on,
        source=lead.source,
        campaign_id=lead.campaign_id,
        source_lead_id=lead.id,
        owner_id=owner_id,
        group_id=(seller and seller.group_id) or lead.group_id,
    )
    linked = queries.link_activities(uow, lead.id, opportunity.id)
    opportunities.open_in(uow, opportunity, pipeline, pipeline.stages[0])
    outcome = Outcome(linked=list(linked), version=opportunity.version, activities=sum(linked.values()))
    lead.qualify(settled, opportunity.id, outcome, by, utc_now())


def _join(uow: UnitOfWork, lead: Lead, settled: Settled, opportunity_id: UUID, by: UUID | None) -> None:
    opportunity = _open_one(uow, opportunity_id, lock=True)
    known = {
        "person_id": settled.person_id,
        "company_id": settled.company_id,
        "source": lead.source,
        "campaign_id": lead.campaign_id,
    }
    filled = opportunity.join(lead.id, known)
    linked = queries.link_activities(uow, lead.id, opportunity_id)
    uow.flush()
    outcome = Outcome(
        opened=False,
        filled=filled,
        linked=list(linked),
        version=opportunity.version,
        quotes=queries.versions_of_quotes(uow, opportunity_id),
        activities=queries.versions_of_activities(uow, opportunity_id),
    )
    lead.qualify(settled, opportunity_id, outcome, by, utc_now())


def _open_one(uow: UnitOfWork, opportunity_id: UUID, *, lock: bool = False) -> Opportunity:
    found = uow.get(Opportunity, opportunity_id, permission="opportunities:write", lock=lock)
    if found.state is not OpportunityState.OPEN:
        raise OpportunityIsClosed(state=found.state)
    return found
