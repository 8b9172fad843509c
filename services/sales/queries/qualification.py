"""What a qualification and its undoing need of the opportunity, its quotes and its activities."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db.prepared import Prepared
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.activity import Activity
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.quote import Quote

# In the order of their ids, as everybody locks several.
_LEADS_OWN = Prepared(
    sa.select(Activity.id, Activity.version)
    .where(Activity.lead_id == sa.bindparam("lead_id", type_=sa.Uuid), Activity.opportunity_id.is_(None))
    .order_by(Activity.id)
    .with_for_update()
)
_ACTIVITIES: Any = Activity.__table__
_LINK = Prepared(
    sa.update(_ACTIVITIES)
    .where(_ACTIVITIES.c.id == sa.bindparam("activity", type_=sa.Uuid))
    .values(
        opportunity_id=sa.bindparam("opportunity", type_=sa.Uuid),
        version=_ACTIVITIES.c.version + 1,
        updated_at=sa.bindparam("now", type_=_ACTIVITIES.c.updated_at.type),
    )
)


def locked_opportunity(uow: UnitOfWork, opportunity_id: UUID) -> Opportunity:
    """Return an opportunity, wherever it is, as it is now; others who change it wait until this transaction ends."""
    query = sa.select(Opportunity).where(Opportunity.id == opportunity_id).with_for_update()
    return uow.session.scalars(query.execution_options(populate_existing=True)).one()


def link_activities(uow: UnitOfWork, lead_id: UUID, opportunity_id: UUID) -> dict[UUID, int]:
    """Have the activities of a lead belong to its opportunity as well, with the events of the next ``flush``.

    Returns those that did not before, by the versions that they get.
    """
    linked = {id_: version + 1 for id_, version in _LEADS_OWN.rows(uow.session, {"lead_id": lead_id})}
    for id_ in linked:
        uow.append(_LINK, {"activity": id_, "opportunity": opportunity_id, "now": utc_now()})
    return linked


def unlink_activities(uow: UnitOfWork, activity_ids: Collection[UUID]) -> None:
    """Have activities belong to no opportunity."""
    if activity_ids:
        uow.session.execute(
            sa.update(Activity)
            .where(Activity.id.in_(activity_ids))
            .values(opportunity_id=None, version=Activity.version + 1)
            .execution_options(synchronize_session=False)
        )


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
