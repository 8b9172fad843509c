"""Everything a user can do to a lead, but for qualifying it, and to the rules that assign leads."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.clock import utc_now
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.sales.commands.qualification import FINISH_QUALIFICATION
from services.sales.domain.assignment_rule import AssignmentRule, RuleTurn, next_in_turn
from services.sales.domain.close_reason import Ending
from services.sales.domain.lead import Lead
from services.sales.domain.lead_state import LeadState
from services.sales.errors import AssigneeIsInactive, NoRuleFits
from services.sales.queries import leads, pipelines

WAKE_LEAD: Final = "wake-lead"


def create_lead(uow: UnitOfWork, **attributes: Any) -> Lead:
    """Add a lead. Without an owner the rules assign it; where none fits it belongs to the caller."""
    lead = Lead(**attributes)
    lead.begin()
    if lead.owner_id is not None:
        _give(uow, lead, lead.owner_id)
    else:
        _by_rule(uow, lead)
    return uow.add(lead)


def update_lead(uow: UnitOfWork, lead_id: UUID, changes: Mapping[str, Any]) -> Lead:
    """Change a lead. Raises ``VersionConflict``, ``LeadIsReadOnly``."""
    lead = uow.change(Lead, lead_id)
    lead.change({name: value for name, value in changes.items() if name != "owner_id"})
    if changes.get("owner_id") is not None:
        _give(uow, lead, changes["owner_id"])
    return lead


def delete_lead(uow: UnitOfWork, lead_id: UUID) -> None:
    """Put a lead in the bin. Raises ``LeadIsReadOnly`` for one that was qualified."""
    lead = uow.change(Lead, lead_id)
    if lead.state in {LeadState.QUALIFIED, LeadState.QUALIFYING}:
        lead.demand_writable()
    uow.cancel_timer(WAKE_LEAD, str(lead_id))
    uow.cancel_timer(FINISH_QUALIFICATION, str(lead_id))
    uow.remove(lead)


def restore_lead(uow: UnitOfWork, lead_id: UUID) -> Lead:
    """Take a lead out of the bin; one that is nurtured is back on its day, or at once where that is over."""
    lead = uow.change(Lead, lead_id, deleted=True)
    lead.restore()
    if lead.nurture_until is not None:
        _wake_on(uow, lead, lead.nurture_until)
    return lead


def assign_lead(uow: UnitOfWork, lead_id: UUID, *, owner_id: UUID | None = None) -> Lead:
    """Give a lead to somebody, or have the rules choose.

    Raises ``LeadIsReadOnly``, ``AssigneeIsInactive``, ``NoRuleFits``.
    """
    lead = uow.change(Lead, lead_id)
    lead.demand_writable()
    if owner_id is not None:
        _give(uow, lead, owner_id)
    elif not _by_rule(uow, lead):
        raise NoRuleFits
    return lead


def disqualify_lead(
    uow: UnitOfWork, lead_id: UUID, *, reason_id: UUID, note: str | None = None, nurture_until: date | None = None
) -> Lead:
    """Give a lead up; with a day it is nurtured, and is back in the morning of that day.

    Raises ``CloseReasonIsUnknown``, ``LeadIsReadOnly``, ``NurtureLiesBehind``.
    """
    lead = uow.change(Lead, lead_id)
    reason = pipelines.active_reason(uow, Ending.LEAD, reason_id)
    lead.disqualify(reason.id, reason.slug, note, nurture_until, utc_now())
    uow.cancel_timer(FINISH_QUALIFICATION, str(lead_id))  # of a request that died
    if nurture_until is not None:
        _wake_on(uow, lead, nurture_until)
    return lead


def reopen_lead(uow: UnitOfWork, lead_id: UUID) -> Lead:
    """Open a lead again that was given up. Raises ``LeadIsNotGivenUp``."""
    lead = uow.change(Lead, lead_id)
    lead.reopen()
    uow.cancel_timer(WAKE_LEAD, str(lead_id))
    return lead


def create_rule(uow: UnitOfWork, **attributes: Any) -> AssignmentRule:
    """Add a rule."""
    rule = uow.add(AssignmentRule(**attributes))
    uow.session.flush()
    uow.session.add(RuleTurn(rule_id=rule.id))
    return rule


def update_rule(uow: UnitOfWork, rule_id: UUID, changes: Mapping[str, Any]) -> AssignmentRule:
    """Change a rule or switch it off. Raises ``VersionConflict``."""
    rule = uow.change(AssignmentRule, rule_id)
    rule.apply(changes)
    return rule


def delete_rule(uow: UnitOfWork, rule_id: UUID) -> None:
    """Delete a rule; what it assigned stays."""
    rule = uow.change(AssignmentRule, rule_id)
    uow.session.delete(leads.turn(uow, rule_id))
    uow.session.flush()
    uow.remove(rule)


def wake_lead(uow: UnitOfWork, lead_id: UUID) -> None:
    """Open a nurtured lead whose day has come; nothing happens to one that changed meanwhile."""
    try:
        lead = uow.get(Lead, lead_id)
    except NotFound:
        return
    if lead.state is LeadState.NURTURING:
        lead.reopen()


def _wake_on(uow: UnitOfWork, lead: Lead, day: date) -> None:
    morning = datetime.combine(day, time.min, ZoneInfo(uow.actor.time_zone)).astimezone(UTC)
    uow.schedule(WAKE_LEAD, morning, key=str(lead.id))


def _by_rule(uow: UnitOfWork, lead: Lead) -> bool:
    for rule in leads.active_rules(uow):
        if rule.fits(lead) and (members := leads.active_members(uow, rule.assignees_group_id)):
            turn = leads.turn(uow, rule.id)
            chosen = turn.last_user_id = next_in_turn(members, turn.last_user_id)
            _give(uow, lead, chosen, rule.id)
            return True
    return False


def _give(uow: UnitOfWork, lead: Lead, owner_id: UUID, rule_id: UUID | None = None) -> None:
    seller = leads.seller(uow, owner_id)
    if seller is not None and not seller.active:
        raise AssigneeIsInactive
    lead.assign(owner_id, seller.group_id if seller else None, rule_id, utc_now())
