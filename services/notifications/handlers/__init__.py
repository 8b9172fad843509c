"""What notifications does when something is told, or is due. The runner finds here what it runs."""

from services.notifications.handlers.consents import know_consent
from services.notifications.handlers.figures import (
    inbox_wait,
    inbox_waiting,
    mail_wait,
    mailboxes_failing,
    mails_queued,
    mails_refused,
    webhook_failing,
    webhook_lanes_waiting,
)
from services.notifications.handlers.mail_in import follow_merged_case, mail_door
from services.notifications.handlers.mailboxes import look_into_mailboxes
from services.notifications.handlers.mails import know_case, mail_case_reply, mail_customer_survey, send_mails
from services.notifications.handlers.merged_contacts import follow_merge, follow_unmerge
from services.notifications.handlers.notices import (
    follow_group,
    follow_role,
    follow_user,
    hand_over,
    know_user,
    notify,
)
from services.notifications.handlers.parameters import forget_allowances, take_parameter
from services.notifications.handlers.webhooks import deliver_webhooks, forget_old_deliveries, publish

__all__ = [
    "deliver_webhooks",
    "follow_group",
    "follow_merge",
    "follow_merged_case",
    "follow_role",
    "follow_unmerge",
    "follow_user",
    "forget_allowances",
    "forget_old_deliveries",
    "hand_over",
    "inbox_wait",
    "inbox_waiting",
    "know_case",
    "know_consent",
    "know_user",
    "look_into_mailboxes",
    "mail_case_reply",
    "mail_customer_survey",
    "mail_door",
    "mail_wait",
    "mailboxes_failing",
    "mails_queued",
    "mails_refused",
    "notify",
    "publish",
    "send_mails",
    "take_parameter",
    "webhook_failing",
    "webhook_lanes_waiting",
]
