"""Entrypoints about webhooks and the history of events."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands import webhooks as commands
from services.notifications.domain.webhook import Webhook
from services.notifications.domain.webhook_delivery import WebhookDelivery
from services.notifications.queries import events
from services.notifications.queries import webhooks as queries
from services.notifications.queries.events import EVENT_FILTERS
from services.notifications.queries.webhooks import DELIVERY_FILTERS, WEBHOOK_FILTERS
from services.notifications.schemas import (
    EventSchema,
    IssuedWebhookSchema,
    RedeliveredSchema,
    RedeliverySchema,
    WebhookDeliverySchema,
    WebhookSchema,
)


class Webhooks:
    """What may be asked of webhooks."""

    @command(
        loads=WebhookSchema,
        dumps=IssuedWebhookSchema,
        needs="webhooks:write",
        secret=True,
        prepares=commands.checked_address,
    )
    def create_webhook(self, uow: UnitOfWork, data: dict[str, Any], prepared: None) -> Webhook:  # noqa: ARG002
        """Begin to send events to an address; the secret is shown in this answer only."""
        return commands.create_webhook(uow, **data)

    @query(dumps=WebhookSchema, needs="webhooks:read")
    def get_webhook(self, uow: UnitOfWork, webhook_id: UUID) -> Webhook:
        """Show a webhook and how its calls go."""
        return uow.get(Webhook, webhook_id)

    @query(lists=WebhookSchema, filters=WEBHOOK_FILTERS, needs="webhooks:read")
    def list_webhooks(self, uow: UnitOfWork, page: PageRequest) -> Page[Webhook]:
        """List webhooks."""
        return queries.webhooks(uow, page)

    @command(patches=WebhookSchema, dumps=WebhookSchema, needs="webhooks:write", prepares=commands.checked_new_address)
    def update_webhook(self, uow: UnitOfWork, webhook_id: UUID, data: dict[str, Any], prepared: None) -> Webhook:  # noqa: ARG002
        """Change a webhook."""
        return commands.update_webhook(uow, webhook_id, data)

    @command(needs="webhooks:write")
    def delete_webhook(self, uow: UnitOfWork, webhook_id: UUID) -> None:
        """Forget a webhook with its log."""
        commands.delete_webhook(uow, webhook_id)

    @command(dumps=IssuedWebhookSchema, needs="webhooks:write", secret=True)
    def replace_webhook_secret(self, uow: UnitOfWork, webhook_id: UUID) -> Webhook:
        """Make a new secret, shown once; for a day deliveries are signed by both."""
        return commands.replace_secret(uow, webhook_id)

    @command(dumps=WebhookSchema, needs="webhooks:write")
    def enable_webhook(self, uow: UnitOfWork, webhook_id: UUID) -> Webhook:
        """Call a disabled webhook again."""
        return commands.enable_webhook(uow, webhook_id)

    @command(dumps=WebhookSchema, needs="webhooks:write")
    def disable_webhook(self, uow: UnitOfWork, webhook_id: UUID) -> Webhook:
        """Call a webhook no more."""
        return commands.disable_webhook(uow, webhook_id)

    @query(lists=WebhookDeliverySchema, filters=DELIVERY_FILTERS, needs="webhooks:read")
    def list_webhook_deliveries(self, uow: UnitOfWork, webhook_id: UUID, page: PageRequest) -> Page[WebhookDelivery]:
        """List what was or will be sent to a webhook, with every attempt, the latest first."""
        return queries.deliveries(uow, webhook_id, page)

    @query(dumps=WebhookDeliverySchema, needs="webhooks:read")
    def get_webhook_delivery(self, uow: UnitOfWork, webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
        """Show one delivery with every attempt."""
        return queries.delivery(uow, webhook_id, delivery_id)

    @command(loads=RedeliverySchema, dumps=RedeliveredSchema, needs="webhooks:write")
    def redeliver_webhook(self, uow: UnitOfWork, webhook_id: UUID, data: dict[str, Any]) -> dict[str, int]:
        """Send one delivery again, or everything since an instant."""
        return commands.redeliver(uow, webhook_id, **data)

    @query(lists=EventSchema, filters=EVENT_FILTERS, needs="events:read")
    def list_events(self, uow: UnitOfWork, page: PageRequest) -> Page[dict[str, Any]]:
        """List what was published, the oldest first; ``after`` is the id of the last event that was read."""
        return events.history(uow, page)
