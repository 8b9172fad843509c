"""What is done with webhooks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis import settings
from chassis.clock import utc_now
from chassis.errands import hurry
from chassis.sealing import seal
from chassis.unit_of_work import UnitOfWork
from services.notifications.adapters.addresses import callable_addresses
from services.notifications.adapters.http_post import place_of
from services.notifications.domain.signing import new_secret
from services.notifications.domain.webhook import BY_HAND, Webhook
from services.notifications.errors import EventsOutOfReach, NotEncrypted, RedeliverWhat
from services.notifications.queries import webhooks as queries

PURPOSE: Final = "webhook-secret"


def checked_address(_reading: object, data: Mapping[str, Any]) -> None:
    """Raise ``NotEncrypted`` or ``InternalAddress``, so that a mistake shows at once. Waits for the name's addresses.

    They are checked again before each call; a name that is not known today may be known tomorrow.
    """
    url = data.get("url")
    if url is None:
        return
    allowed = settings.load().webhook_networks
    if url.startswith("http://") and not allowed:
        raise NotEncrypted
    try:
        callable_addresses(*place_of(url), allowed)
    except OSError:
        return


def checked_new_address(reading: object, _webhook_id: UUID, data: Mapping[str, Any]) -> None:
    """Check the address that a webhook is given, where it is given another; raises as ``checked_address`` does."""
    checked_address(reading, data)


def create_webhook(uow: UnitOfWork, **attributes: Any) -> Webhook:
    """Begin to send events to an address; the answer, and no other, shows the secret.

    Raises ``NoEventsWanted``, ``NotAnEventPattern``, ``NoSuchMember``, ``EventsOutOfReach``.
    """
    webhook = Webhook(**attributes)
    webhook.check()
    _reach(uow, webhook)
    _new_secret(webhook)
    return uow.add(webhook)


def update_webhook(uow: UnitOfWork, webhook_id: UUID, changes: Mapping[str, Any]) -> Webhook:
    """Change a webhook; it then sends what its changer may read. Raises as ``create_webhook`` does."""
    webhook = uow.change(Webhook, webhook_id)
    webhook.apply(changes)
    webhook.check()
    _reach(uow, webhook)
    return webhook


def delete_webhook(uow: UnitOfWork, webhook_id: UUID) -> None:
    """Forget a webhook, what waits for it and its log."""
    uow.remove(uow.change(Webhook, webhook_id))


def replace_secret(uow: UnitOfWork, webhook_id: UUID) -> Webhook:
    """Make a new secret and show it once; deliveries are signed by the old one too for a day."""
    webhook = uow.change(Webhook, webhook_id)
    secret = new_secret()
    webhook.replace_secret(seal(secret, PURPOSE), utc_now())
    webhook.show_once(secret)
    return webhook


def disable_webhook(uow: UnitOfWork, webhook_id: UUID) -> Webhook:
    """Call it no more. Raises ``WebhookIsDisabled``."""
    webhook = uow.change(Webhook, webhook_id)
    webhook.disable(because=BY_HAND, at=utc_now())
    return webhook


def enable_webhook(uow: UnitOfWork, webhook_id: UUID) -> Webhook:
    """Call it again; what waited when it was disabled goes first. Raises ``WebhookIsActive``."""
    webhook = uow.change(Webhook, webhook_id)
    webhook.enable()
    queries.hurry_lanes(uow, webhook.id)
    hurry(uow)
    return webhook


def redeliver(
    uow: UnitOfWork, webhook_id: UUID, *, delivery_id: UUID | None = None, since: datetime | None = None
) -> dict[str, int]:
    """Send one delivery again, or every event published since an instant that the webhook wants; return how many.

    Raises ``RedeliverWhat``, ``WebhookIsDisabled``, ``NotFound``.
    """
    if (delivery_id is None) == (since is None):
        raise RedeliverWhat
    webhook = uow.change(Webhook, webhook_id)
    if delivery_id is not None:
        one = queries.delivery(uow, webhook_id, delivery_id)
        count = queries.queue(uow, webhook.id, [(one.event_id, one.type, one.subject)])
    else:
        assert since is not None
        count = queries.queue(uow, webhook.id, list(queries.events_since(uow, webhook, since)))
    webhook.tell_redelivered(count, uow.actor.user_id)
    hurry(uow)
    return {"queued": count}


def _reach(uow: UnitOfWork, webhook: Webhook) -> None:
    scope = uow.actor.scope("events:read")
    if scope is None:
        raise EventsOutOfReach
    webhook.reach_as(uow.actor, scope)


def _new_secret(webhook: Webhook) -> None:
    secret = new_secret()
    webhook.sealed_secret = seal(secret, PURPOSE)
    webhook.show_once(secret)
