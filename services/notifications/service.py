"""Entrypoints of the notifications service: check, delegate, shape. They are grouped in ``operations``."""

from services.notifications.operations.webhooks import Webhooks


class NotificationsService(Webhooks):
    """What leaves to people and programs, and what comes from them."""

    name = "notifications"
