"""What is done with notification rules and preferences."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.message import MessageChannel
from services.notifications.domain.notification_rule import NotificationRule
from services.notifications.domain.preference import Preference
from services.notifications.errors import NoSuchChannel
from services.notifications.queries import colleagues as queries


def create_rule(uow: UnitOfWork, **attributes: Any) -> NotificationRule:
    """Write a rule; it counts from the next event on. Raises what ``NotificationRule.check`` does, ``RuleExists``."""
    rule = NotificationRule(**attributes)
    rule.check()
    queries.check_rule_name(uow, rule.name, rule.id)
    return uow.add(rule)


def update_rule(uow: UnitOfWork, rule_id: UUID, changes: Mapping[str, Any]) -> NotificationRule:
    """Change a rule. Raises as ``create_rule`` does."""
    rule = uow.change(NotificationRule, rule_id)
    rule.apply(changes)
    rule.check()
    queries.check_rule_name(uow, rule.name, rule.id)
    return rule


def delete_rule(uow: UnitOfWork, rule_id: UUID) -> None:
    """Forget a rule."""
    uow.remove(uow.change(NotificationRule, rule_id))


def set_preference(uow: UnitOfWork, channel: str, topic: str, *, wanted: bool) -> Preference:
    """Say whether the caller wants to be told of a topic by a channel. Raises ``NoSuchChannel``."""
    if channel not in set(MessageChannel):
        raise NoSuchChannel(channel=channel)
    by = MessageChannel(channel)
    preference = queries.preference(uow, uow.actor.user_id, by, topic)
    if preference is None:
        preference = uow.add(Preference(channel=by, topic=topic, wanted=wanted))
    preference.wanted = wanted
    return preference
