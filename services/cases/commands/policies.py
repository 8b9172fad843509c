"""Everything a user can do to SLA policies."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from chassis.words import listed
from services.cases.commands import policy_changes
from services.cases.domain.calendar import Calendar
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.errors import DefaultPolicyStays, StillUsed
from services.cases.queries import case_types, names, policies, rules


def create_policy(uow: UnitOfWork, **attributes: Any) -> SlaPolicy:
    """Add a policy; one that is to be the default takes the place of the present one. Open cases follow it.

    Raises ``NameIsTaken``, ``UnknownReference``, ``DefaultPolicyIsIncomplete``, ``ResponseLaterThanResolution``,
    ``PriorityIsNamedTwice``, ``LevelSaysNotWhen``, ``LevelIsNamedTwice``.
    """
    rules.changed(uow)
    names.check_free(uow, SlaPolicy, attributes["name"])
    policy = SlaPolicy(**attributes)
    policy.check()
    _check_references(uow, policy)
    _one_default(uow, policy)
    policy_changes.await_following(uow, policy, all_cases=True)
    uow.session.add(policy.settle(utc_now()))
    return uow.add(policy)


def update_policy(uow: UnitOfWork, policy_id: UUID, changes: Mapping[str, Any]) -> SlaPolicy:
    """Change a policy; new terms are a new version, and open cases follow it in the background.

    Raises ``DefaultPolicyStays`` and what creating one raises.
    """
    rules.changed(uow)
    policy = uow.change(SlaPolicy, policy_id)
    if "name" in changes:
        names.check_free(uow, SlaPolicy, changes["name"], besides=policy_id)
    was_for, counted_by = policy.is_for(), policy.counts_by()
    # One change is one version: nothing is written before all of it is known.
    with uow.session.no_autoflush:
        policy.change(changes)
        _check_references(uow, policy)
        _one_default(uow, policy)
        others = policy.is_for() != was_for
        terms_are_new = policy.terms() != policies.terms_of(uow, policy.terms_id)
        if terms_are_new:
            uow.session.add(policy.settle(utc_now()))
        if terms_are_new or others or policy.counts_by() != counted_by:
            policy_changes.await_following(uow, policy, all_cases=others)
    return policy


def delete_policy(uow: UnitOfWork, policy_id: UUID) -> None:
    """Delete a policy; clocks that run keep the terms they began with. Raises ``DefaultPolicyStays``, ``StillUsed``."""
    rules.changed(uow)
    policy = uow.change(SlaPolicy, policy_id)
    if policy.is_default:
        raise DefaultPolicyStays
    if users := case_types.users_of_policy(uow, policy_id):
        raise StillUsed(users=listed(users))
    uow.remove(policy)


def _one_default(uow: UnitOfWork, policy: SlaPolicy) -> None:
    if policy.is_default:
        for other in policies.defaults_besides(uow, policy.id):
            other.step_down()


def _check_references(uow: UnitOfWork, policy: SlaPolicy) -> None:
    names.check_exists(uow, Calendar, policy.calendar_id, "calendar_id")
    for place, own in enumerate(policy.metric_calendars):
        names.check_exists(uow, Calendar, own.calendar_id, f"metric_calendars/{place}/calendar_id")
