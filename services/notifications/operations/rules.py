"""Entrypoints about notification rules and preferences."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands import rules as commands
from services.notifications.domain.notification_rule import NotificationRule
from services.notifications.domain.preference import Preference
from services.notifications.queries import colleagues as queries
from services.notifications.queries.colleagues import PREFERENCE_FILTERS, RULE_FILTERS
from services.notifications.schemas import NotificationRuleSchema, PreferenceSchema, WantedSchema


class Rules:
    """What may be asked of rules and preferences."""

    @command(loads=NotificationRuleSchema, dumps=NotificationRuleSchema, needs="notification-rules:write")
    def create_notification_rule(self, uow: UnitOfWork, data: dict[str, Any]) -> NotificationRule:
        """Have people told of events."""
        return commands.create_rule(uow, **data)

    @query(dumps=NotificationRuleSchema, needs="notification-rules:read")
    def get_notification_rule(self, uow: UnitOfWork, rule_id: UUID) -> NotificationRule:
        """Show a notification rule."""
        return uow.get(NotificationRule, rule_id)

    @query(lists=NotificationRuleSchema, filters=RULE_FILTERS, needs="notification-rules:read")
    def list_notification_rules(self, uow: UnitOfWork, page: PageRequest) -> Page[NotificationRule]:
        """List notification rules."""
        return queries.rules(uow, page)

    @command(patches=NotificationRuleSchema, dumps=NotificationRuleSchema, needs="notification-rules:write")
    def update_notification_rule(self, uow: UnitOfWork, rule_id: UUID, data: dict[str, Any]) -> NotificationRule:
        """Change a notification rule."""
        return commands.update_rule(uow, rule_id, data)

    @command(needs="notification-rules:write")
    def delete_notification_rule(self, uow: UnitOfWork, rule_id: UUID) -> None:
        """Delete a notification rule."""
        commands.delete_rule(uow, rule_id)

    @query(lists=PreferenceSchema, filters=PREFERENCE_FILTERS, needs="preferences:read")
    def list_preferences(self, uow: UnitOfWork, page: PageRequest) -> Page[Preference]:
        """List what people said about being told; what is not said is wanted."""
        return queries.preferences(uow, page)

    @command(loads=WantedSchema, dumps=PreferenceSchema, needs="preferences:write")
    def set_preference(self, uow: UnitOfWork, channel: str, topic: str, data: dict[str, Any]) -> Preference:
        """Say whether the caller wants to be told of a topic (``cases``, ``everything``) by a channel."""
        return commands.set_preference(uow, channel, topic, **data)
