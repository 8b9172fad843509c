"""How mails and webhooks fare, for operations."""

from typing import Final

from chassis.figures import figure, seconds_since
from chassis.tallies import Tally
from chassis.unit_of_work import UnitOfWork
from contracts.consents import Rule
from contracts.notifications import (
    MessageBounced,
    MessageDelivered,
    MessageQueued,
    MessageReceived,
    MessageRefused,
    MessageSent,
    WebhookFailed,
)
from services.notifications.domain.allowance import RULE
from services.notifications.domain.filing import TrayReason
from services.notifications.queries import figures

_OUTCOMES: Final = {
    MessageQueued: "queued",
    MessageSent: "sent",
    MessageDelivered: "delivered",
    MessageBounced: "bounced",
    MessageRefused: "refused",
}
_FILED: Final = "filed"
_UNREACHABLE: Final = "unreachable"

mails: Final = Tally(
    "trato_notifications_mails",
    "Mails out, by what became of them.",
    {event: lambda event: (_OUTCOMES[type(event)],) for event in _OUTCOMES},
    outcome=_OUTCOMES.values(),
)
mails_received: Final = Tally(
    "trato_notifications_mails_received",
    "Mails in: filed, or why they wait in the tray.",
    {MessageReceived: lambda event: (event.reason or _FILED,)},
    filing=(_FILED, *TrayReason),
)
mails_refused: Final = Tally(
    "trato_notifications_mails_refused",
    "Mails of ours that are given up, by the rule that refuses them; unreachable where no mail server takes them.",
    {MessageRefused: lambda event: (event.rule or _UNREACHABLE,)},
    rule=(_UNREACHABLE, RULE, *Rule),
)
webhooks_failed: Final = Tally(
    "trato_notifications_webhooks_failed",
    "Webhooks that were switched off because their receiver is gone or fails for days.",
    {WebhookFailed: lambda event: (event.because,)},
    because=("gone", "failing"),
)


@figure("trato_notifications_mails_queued", "Mails that wait for the mail server.")
def mails_queued(uow: UnitOfWork) -> int:
    """How much waits for a mail server that is away, or is not named."""
    return figures.mails_queued(uow)


@figure("trato_notifications_mail_wait_seconds", "How long the mail waits that waits longest for the mail server.")
def mail_wait(uow: UnitOfWork) -> float:
    """How long people wait for what we wrote."""
    return seconds_since(figures.oldest_queued_mail(uow))


@figure("trato_notifications_inbox_waiting", "Mails of people in the tray, which somebody must file or dismiss.")
def inbox_waiting(uow: UnitOfWork) -> int:
    """How big the tray is; what programs wrote does not count."""
    return figures.inbox_waiting(uow)


@figure("trato_notifications_inbox_wait_seconds", "How long the mail of a person waits in the tray that waits longest.")
def inbox_wait(uow: UnitOfWork) -> float:
    """How long nobody looked at a mail that a person wrote."""
    return seconds_since(figures.oldest_in_tray(uow))


@figure("trato_notifications_webhook_lanes_waiting", "Subjects of which something waits for a webhook.")
def webhook_lanes_waiting(uow: UnitOfWork) -> int:
    """How much waits for receivers."""
    return figures.webhook_lanes_waiting(uow)


@figure("trato_notifications_webhook_failing_seconds", "How long the active webhook fails that fails longest.")
def webhook_failing(uow: UnitOfWork) -> float:
    """How long a receiver has been away."""
    return seconds_since(figures.failing_since(uow))


@figure("trato_notifications_mailboxes_failing", "Mailboxes whose last look failed.")
def mailboxes_failing(uow: UnitOfWork) -> int:
    """Into how many mailboxes we cannot look."""
    return figures.mailboxes_failing(uow)
