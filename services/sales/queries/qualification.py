"""What a qualification and its undoing need of the opportunity, its quotes and its activities."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.sales.domain.activity import Activity
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.quote import Quote


def locked_opportunity(uow: UnitOfWork, opportunity_id: UUID) -> Opportunity:
    """Return an opportunity, wherever it is, as it is now; others who change it wait until this transaction ends."""
    query = sa.select(Opportunity).where(Opportunity.id == opportunity_id).with_for_update()
    return uow.session.scalars(query.execution_options(populate_existing=True)).one()


def link_activities(uow: UnitOfWork, lead_id: UUID, opportunity_id: UUID) -> list[UUID]:
    """Have the activities of a lead belong to its opportunity as well, and return those that did not before."""
    mine = sa.select(Activity.id).where(Activity.lead_id == lead_id, Activity.opportunity_id.is_(None))
    linked = list(uow.session.scalars(mine.order_by(Activity.id).with_for_update()))
    _link(uow, linked, opportunity_id)
    return linked


def unlink_activities(uow: UnitOfWork, activity_ids: Collection[UUID]) -> None:
    """Have activities belong to no opportunity."""
    _link(uow, activity_ids, None)


def versions_of_quotes(uow: UnitOfWork, opportunity_id: UUID) -> int:
    """Return the sum of the versions of an opportunity's quotes; it grows with whatever happens to them.

    Others who change one of them wait until this transaction ends, here and with activities.
    """
    return _versions(uow, Quote, opportunity_id)


def versions_of_activities(uow: UnitOfWork, opportunity_id: UUID) -> int:
    """Return the sum of the versions of an opportunity's activities."""
    return _versions(uow, Activity, opportunity_id)


def _versions(uow: UnitOfWork, model: Any, opportunity_id: UUID) -> int:
    versions = sa.select(model.version).where(model.opportunity_id == opportunity_id).order_by(model.id)
    return sum(uow.session.scalars(versions.with_for_update()))


def _link(uow: UnitOfWork, activity_ids: Collection[UUID], opportunity_id: UUID | None) -> None:
    if activity_ids:
        uow.session.execute(
            sa.update(Activity)
            .where(Activity.id.in_(activity_ids))
            .values(opportunity_id=opportunity_id, version=Activity.version + 1)
            .execution_options(synchronize_session=False)
        )
