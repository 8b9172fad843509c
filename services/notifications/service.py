"""Entrypoints of the notifications service: check, delegate, shape. They are grouped in ``operations``."""

from services.notifications.operations.contacts import Contacts
from services.notifications.operations.inbox import Inbox
from services.notifications.operations.mailboxes import Mailboxes
from services.notifications.operations.messages import Messages
from services.notifications.operations.rules import Rules
from services.notifications.operations.templates import Templates
from services.notifications.operations.webhooks import Webhooks


class NotificationsService(Webhooks, Templates, Messages, Inbox, Mailboxes, Rules, Contacts):
    """What leaves to people and programs, and what comes from them."""

    name = "notifications"
