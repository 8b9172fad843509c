"""Questions about opportunities."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from chassis import history
from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.fields import AliasedId
from chassis.history import Change
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.stage_change import StageChange

SHOWN = 200
OPPORTUNITY_FILTERS = filters_for(
    Opportunity,
    contact_id=where(AliasedId, lambda id_: sa.or_(Opportunity.person_id == id_, Opportunity.company_id == id_)),
)


def opportunities(uow: UnitOfWork, page: PageRequest) -> Page[Opportunity]:
    """Return a page of opportunities."""
    return page.apply(uow.scoped(sa.select(Opportunity), Opportunity), uow.session)


def stage_history(uow: UnitOfWork, opportunity_id: UUID) -> Sequence[StageChange]:
    """Return the steps of an opportunity, the first one first. Raises ``NotFound`` out of reach."""
    found = uow.get(Opportunity, opportunity_id, deleted=True)
    mine = StageChange.opportunity_id == found.id
    return uow.session.scalars(sa.select(StageChange).where(mine).order_by(StageChange.id)).all()


def field_changes(uow: UnitOfWork, opportunity_id: UUID) -> Sequence[Change]:
    """Return the latest changes of an opportunity's fields, newest first. Raises ``NotFound`` out of reach."""
    found = uow.get(Opportunity, opportunity_id, deleted=True)
    return history.of_record(uow.session, uow.metadata, found.resource, found.id, limit=SHOWN)
