"""How much waits for mail servers, receivers and people, for operations."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from chassis.db.counting import count_of
from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.inbox_item import InboxItem, InboxState
from services.notifications.domain.mailbox import Mailbox
from services.notifications.domain.message import Message, MessageChannel, MessageState
from services.notifications.domain.parsed_mail import MailKind
from services.notifications.domain.webhook import Webhook, WebhookStatus
from services.notifications.domain.webhook_delivery import WebhookLane

_QUEUED: Final = (Message.state == MessageState.QUEUED, Message.channel == MessageChannel.EMAIL)
_IN_TRAY: Final = (
    InboxItem.state == InboxState.WAITING,
    InboxItem.kind.in_([MailKind.MAIL, MailKind.UNREADABLE]),
)


def mails_queued(uow: UnitOfWork) -> int:
    """Return how many mails wait for the mail server."""
    return _count(uow, Message, *_QUEUED)


def oldest_queued_mail(uow: UnitOfWork) -> datetime | None:
    """Return when the mail was queued that waits longest."""
    found: datetime | None = uow.session.scalar(sa.select(sa.func.min(Message.created_at)).where(*_QUEUED))
    return found


def inbox_waiting(uow: UnitOfWork) -> int:
    """Return how many mails of people wait in the tray."""
    return _count(uow, InboxItem, *_IN_TRAY)


def oldest_in_tray(uow: UnitOfWork) -> datetime | None:
    """Return when the mail of a person came in that waits longest in the tray."""
    found: datetime | None = uow.session.scalar(sa.select(sa.func.min(InboxItem.received_at)).where(*_IN_TRAY))
    return found


def webhook_lanes_waiting(uow: UnitOfWork) -> int:
    """Return of how many subjects something waits for a webhook."""
    return _count(uow, WebhookLane)


def failing_since(uow: UnitOfWork) -> datetime | None:
    """Return since when the active webhook fails that fails longest."""
    query = sa.select(sa.func.min(Webhook.failing_since)).where(Webhook.status == WebhookStatus.ACTIVE)
    found: datetime | None = uow.session.scalar(query)
    return found


def mailboxes_failing(uow: UnitOfWork) -> int:
    """Return into how many mailboxes the last look failed."""
    return _count(uow, Mailbox, Mailbox.active.is_(True), Mailbox.failures > 0)


def _count(uow: UnitOfWork, model: type[Any], *conditions: "sa.ColumnElement[bool]") -> int:
    return uow.session.scalar(count_of(model, *conditions)) or 0
