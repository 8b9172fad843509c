"""What notifications does when something is told, or is due. The runner finds here what it runs."""

from services.notifications.handlers.mail_in import follow_merged_case, mail_door
from services.notifications.handlers.mails import know_case, mail_case_reply, send_mails
from services.notifications.handlers.webhooks import deliver_webhooks, forget_old_deliveries, publish

__all__ = [
    "deliver_webhooks",
    "follow_merged_case",
    "forget_old_deliveries",
    "know_case",
    "mail_case_reply",
    "mail_door",
    "publish",
    "send_mails",
]
