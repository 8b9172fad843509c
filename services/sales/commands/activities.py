"""Everything a user can do to an activity."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.activity import Activity
from services.sales.domain.lead import Lead
from services.sales.domain.opportunity import Opportunity
from services.sales.errors import DoneInTheFuture

# Clocks of other programs may run ahead of ours by a little.
_TOLERANCE: Final = timedelta(minutes=5)


def plan_activity(uow: UnitOfWork, **attributes: Any) -> Activity:
    """Plan something. Of a lead or an opportunity it takes person and company, where it names none.

    Raises ``NotFound`` for a lead or an opportunity that the caller may not see.
    """
    activity = Activity(**attributes)
    about = _about(uow, activity.lead_id, activity.opportunity_id)
    if about is not None:
        activity.person_id = activity.person_id or about.person_id
        activity.company_id = activity.company_id or about.company_id
        activity.campaign_id = activity.campaign_id or about.campaign_id
    activity.plan()
    return uow.add(activity)


def update_activity(uow: UnitOfWork, activity_id: UUID, changes: Mapping[str, Any]) -> Activity:
    """Change what is planned.

    Raises ``VersionConflict``, ``ActivityIsOver``, and ``NotFound`` for a lead or an opportunity that it is to be about
    from here on and that the caller may not see.
    """
    activity = uow.change(Activity, activity_id)
    before = activity.lead_id, activity.opportunity_id
    activity.change(changes)
    lead_id, opportunity_id = activity.lead_id, activity.opportunity_id
    _about(uow, lead_id if lead_id != before[0] else None, opportunity_id if opportunity_id != before[1] else None)
    return activity


def finish_activity(
    uow: UnitOfWork,
    activity_id: UUID,
    *,
    done_at: datetime | None = None,
    outcome: str | None = None,
    reached: bool | None = None,
) -> Activity:
    """Say that it was done, now unless ``done_at`` says when. Raises ``ActivityIsOver``, ``DoneInTheFuture``."""
    now = utc_now()
    if done_at is not None and done_at > now + _TOLERANCE:
        raise DoneInTheFuture(done_at=done_at.isoformat())
    activity = uow.change(Activity, activity_id)
    activity.done(done_at or now, outcome, reached=reached)
    return activity


def cancel_activity(uow: UnitOfWork, activity_id: UUID, *, reason: str | None = None) -> Activity:
    """Say that it will not be done. Raises ``ActivityIsOver``."""
    activity = uow.change(Activity, activity_id)
    activity.cancel(reason)
    return activity


def _about(uow: UnitOfWork, lead_id: UUID | None, opportunity_id: UUID | None) -> Lead | Opportunity | None:
    """Return what an activity is about, the opportunity where it is about both."""
    about: Lead | Opportunity | None = None
    if lead_id is not None:
        about = uow.get(Lead, lead_id, permission="leads:read")
    if opportunity_id is not None:
        # Locked, so that no qualification is undone that this activity stands on.
        about = uow.get(Opportunity, opportunity_id, permission="opportunities:read", lock=True)
    return about
