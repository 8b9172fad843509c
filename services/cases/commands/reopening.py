"""What happens when the customer of a case that is over writes again, and the rules that areas have for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis import parameters
from chassis.unit_of_work import UnitOfWork
from contracts.consents import ConsentChannel, address_key
from contracts.parameters import REOPENINGS_PER_HOUR
from services.cases.commands import work
from services.cases.domain.case import Case
from services.cases.domain.mail_reopening import MailReopening
from services.cases.domain.reopening_rule import ReopeningMode, ReopeningRule
from services.cases.errors import AreaHasItsRule
from services.cases.queries import calendars, clocks, rules
from services.cases.queries import reopening as queries

_BECAUSE: Final = "reopened"


def create_rule(uow: UnitOfWork, **attributes: Any) -> ReopeningRule:
    """Say what an area does when the customer of a case that is over writes. Raises ``AreaHasItsRule``."""
    rules.changed(uow)
    _one_for_each_area(uow, attributes.get("group_id"))
    return uow.add(ReopeningRule(**attributes))


def update_rule(uow: UnitOfWork, rule_id: UUID, changes: Mapping[str, Any]) -> ReopeningRule:
    """Change a rule. Raises ``AreaHasItsRule``, ``VersionConflict``."""
    rules.changed(uow)
    rule = uow.change(ReopeningRule, rule_id)
    if "group_id" in changes:
        _one_for_each_area(uow, changes["group_id"], rule_id)
    rule.apply(changes)
    return rule


def delete_rule(uow: UnitOfWork, rule_id: UUID) -> None:
    """Forget a rule; the area goes by the one for all others, or by the days of the SLA policy."""
    rules.changed(uow)
    uow.remove(uow.change(ReopeningRule, rule_id))


def counted(uow: UnitOfWork, case: Case, sender: str | None, at: datetime) -> MailReopening | None:
    """Return how often a sender's mails reopened a case that is over; None where there is nothing to count."""
    if sender is None or not queries.last_of(uow, case).category.is_done:
        return None
    key = address_key(ConsentChannel.EMAIL, sender)
    assert key is not None, "mail addresses have keys"
    return queries.counted(uow, queries.first_of(uow, case), key, at)


def may_reopen(uow: UnitOfWork, count: MailReopening | None, at: datetime) -> bool:
    """Whether one more mail may reopen the case."""
    return count is None or count.count(at, parameters.value(uow, REOPENINGS_PER_HOUR))


def go_on(uow: UnitOfWork, case: Case, at: datetime) -> Case:
    """Have work go on because the customer wrote; returns the case to work on, as the area's rule says.

    Where another case took up again what this one was about it goes on there.
    """
    case = queries.last_of(uow, case)
    rule = rules.current(uow).reopening_rule(case.group_id) if case.category.is_done else None
    if rule is None:
        return work.reopen_for_customer(uow, case, at)
    if _is_followed(uow, case, rule, at):
        return work.follow(uow, case, keep_owner=rule.keep_owner)
    case = work.reopen_for_customer(uow, case, at, however_late=True)
    if not rule.keep_owner and not case.category.is_done:
        case.assign(responsible_id=None, resolver_id=None, group_id=case.group_id, because=_BECAUSE)
    return case


def _is_followed(uow: UnitOfWork, case: Case, rule: ReopeningRule, at: datetime) -> bool:
    if rule.mode is not ReopeningMode.WITHIN_DAYS or case.resolved_at is None:
        return rule.mode is ReopeningMode.NEW_CASE
    clock = next(iter(clocks.clocks_of(uow, case.id)), None)
    hours = clock.calendar_version_id if clock is not None else rules.current(uow).default_hours
    if hours is None:
        return (at - case.resolved_at).days > rule.days
    return calendars.time_of(uow, hours).days(case.resolved_at, at) > rule.days


def _one_for_each_area(uow: UnitOfWork, group_id: UUID | None, besides: UUID | None = None) -> None:
    if queries.has_rule(uow, group_id, besides):
        raise AreaHasItsRule
