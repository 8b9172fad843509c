"""Questions about activities."""

from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.db.prepared import Prepared
from chassis.fields import AliasedId
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.activity import LIVE, Activity, ActivityState

ACTIVITY_FILTERS = filters_for(
    Activity,
    default_sort=("due_at", "id"),
    contact_id=where(AliasedId, lambda id_: sa.or_(Activity.person_id == id_, Activity.company_id == id_)),
)
_REACHED = Prepared(
    sa.select(
        sa.exists().where(
            Activity.lead_id == sa.bindparam("lead_id", type_=sa.Uuid),
            Activity.state == ActivityState.DONE,
            sa.or_(*(Activity.kind == kind for kind in LIVE)),
            Activity.reached.is_(True),
        )
    )
)


def activities(uow: UnitOfWork, page: PageRequest) -> Page[Activity]:
    """Return a page of activities, what is due first first."""
    return page.apply(uow.scoped(sa.select(Activity), Activity), uow.session)


def reached_with_lead(uow: UnitOfWork, lead_id: UUID) -> bool:
    """Whether a call, visit or meeting of a lead reached the other side, whoever's activity it was."""
    return bool(_REACHED.rows(uow.session, {"lead_id": lead_id})[0][0])
