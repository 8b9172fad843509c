"""What sales does when something is told: by other services, by itself, or by a clock."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis import custom_field_projection, following, parameters
from chassis.db.counting import count_of
from chassis.figures import figure
from chassis.jobs import JobRun, job
from chassis.reactions import on
from chassis.timers import Due, every, timer
from chassis.unit_of_work import UnitOfWork
from contracts.administration import (
    CustomFieldChanged,
    CustomFieldDefined,
    CustomFieldRetired,
    ParameterChanged,
    UserChanged,
    UserCreated,
    UserDeactivated,
)
from contracts.contacts import ConsentChanged, ContactMerged, ContactUnmerged
from contracts.sales import ContactMergeFollowed
from services.sales.commands import campaign_members, forecast, leads, qualification, quotes
from services.sales.commands.campaign_members import ADD_MEMBERS, CHECK_MEMBERS
from services.sales.commands.leads import WAKE_LEAD
from services.sales.commands.qualification import FINISH_QUALIFICATION
from services.sales.commands.quotes import EXPIRE_QUOTE
from services.sales.domain.activity import Activity
from services.sales.domain.campaign import Campaign
from services.sales.domain.lead import Lead
from services.sales.domain.lead_state import LeadState
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.quote import Quote
from services.sales.domain.seller import Seller, SellerGroup

_HANDED_OVER: Final = (Campaign, Lead, Opportunity, Quote, Activity)


@on(CustomFieldDefined)
def take_custom_field(uow: UnitOfWork, event: CustomFieldDefined) -> None:
    """A record of sales has a field more, or one that was retired before."""
    custom_field_projection.keep(uow, event)


@on(CustomFieldChanged)
def change_custom_field(uow: UnitOfWork, event: CustomFieldChanged) -> None:
    """A field of a record of sales has other options, labels or obligations."""
    custom_field_projection.keep(uow, event)


@on(CustomFieldRetired)
def retire_custom_field(uow: UnitOfWork, event: CustomFieldRetired) -> None:
    """A field is offered no longer; what was filled in stays."""
    custom_field_projection.drop(uow, event)


@on(UserDeactivated)
def hand_over(uow: UnitOfWork, event: UserDeactivated) -> None:
    """What belonged to somebody who left belongs to whoever was named; without anybody it stays as it is."""
    if event.handover_to is None:
        return
    for model in _HANDED_OVER:
        uow.session.execute(
            sa.update(model)
            .where(model.owner_id == event.user_id)
            .values(owner_id=event.handover_to, version=model.version + 1)
            .execution_options(synchronize_session=False)
        )


@on(UserCreated)
def take_user(uow: UnitOfWork, event: UserCreated) -> None:
    """Somebody may take leads from now on."""
    _remember(uow, event, active=True)


@on(UserChanged)
def change_user(uow: UnitOfWork, event: UserChanged) -> None:
    """Somebody's name, groups or state changed."""
    _remember(uow, event, active=event.active)


@on(ParameterChanged)
def take_parameter(uow: UnitOfWork, event: ParameterChanged) -> None:
    """The organisation counts in another currency, or another setting of sales changed."""
    parameters.keep(uow, event)


@timer(WAKE_LEAD, of=Lead)
def wake_lead(uow: UnitOfWork, due: Due) -> None:
    """The day has come on which a nurtured lead is looked at again."""
    leads.wake_lead(uow, UUID(due.key))


def _remember(uow: UnitOfWork, event: UserCreated | UserChanged, *, active: bool) -> None:
    known = {"user_id": event.user_id, "name": event.name[:255], "group_id": event.group_id, "active": active}
    uow.session.merge(Seller(**known))
    uow.session.execute(sa.delete(SellerGroup).where(SellerGroup.user_id == event.user_id))
    uow.session.add_all(SellerGroup(user_id=event.user_id, group_id=group) for group in set(event.group_ids))


@every(forecast.LOOKING_EVERY, "sales.keep-forecast")
def keep_forecast(uow: UnitOfWork) -> None:
    """Each day begins with a snapshot of the forecast, taken late where nobody was there in the night."""
    forecast.take_snapshot(uow)


@timer(EXPIRE_QUOTE, of=Quote)
def expire_quote(uow: UnitOfWork, due: Due) -> None:
    """The last day of a quote is over."""
    quotes.expire_quote(uow, UUID(due.key))


@timer(FINISH_QUALIFICATION, of=Lead)
def retry_qualification(uow: UnitOfWork, due: Due) -> None:
    """A qualification waits for contacts, or was cut off; it is tried again until it is over."""
    qualification.retry_qualification(uow, UUID(due.key), due)


@job(FINISH_QUALIFICATION)
def finish_qualification(run: JobRun) -> dict[str, Any]:
    """Complete a qualification that waits."""
    return qualification.finish_qualification(run)


@job(ADD_MEMBERS)
def add_campaign_members(run: JobRun) -> dict[str, Any]:
    """Make the members of a segment or list members of a campaign."""
    return campaign_members.add_from_source(run)


@job(CHECK_MEMBERS)
def check_campaign_members(run: JobRun) -> dict[str, Any]:
    """Exclude members of a campaign whom consents refuse."""
    return campaign_members.check_members(run)


@on(ConsentChanged)
def mind_consent(uow: UnitOfWork, event: ConsentChanged) -> None:
    """Somebody may be reached no longer, or again: campaigns mind it."""
    campaign_members.mind_consent(uow, event)


@figure("trato_sales_qualifications_waiting", "Leads whose qualification waits for contacts.")
def qualifications_waiting(uow: UnitOfWork) -> int:
    """How many sellers wait until contacts is back; each qualification then completes by itself."""
    return uow.session.scalar(count_of(Lead, Lead.state == LeadState.QUALIFYING)) or 0


@on(ContactMerged)
def follow_merge(uow: UnitOfWork, event: ContactMerged) -> None:
    """What names a contact that was merged names the one that is left; nobody is told but contacts."""
    done = following.follow(uow, event.merge_id, event.absorbed_ids, event.survivor_id)
    said = ContactMergeFollowed(**done.facts(event.merge_id))
    uow.tell(said, resource=following.RESOURCE, id_=event.merge_id)


@on(ContactUnmerged)
def follow_unmerge(uow: UnitOfWork, event: ContactUnmerged) -> None:
    """What named a contact before it was merged names it again."""
    done = following.unfollow(uow, event.merge_id, event.absorbed_ids)
    said = ContactMergeFollowed(**done.facts(event.merge_id, undone=True))
    uow.tell(said, resource=following.RESOURCE, id_=event.merge_id)
