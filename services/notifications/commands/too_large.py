"""Answering a mail that is too large to be taken in, politely and seldom."""

from chassis import settings
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands.messages import queue_mail
from services.notifications.commands.wording import worded
from services.notifications.domain import too_large_mail
from services.notifications.domain.message import Message
from services.notifications.domain.parsed_mail import LARGEST, ParsedMail

_MEGABYTE = 1024 * 1024


def say_that_it_is_too_large(uow: UnitOfWork, mail: ParsedMail) -> Message:
    """Tell the sender of a mail that it cannot be taken in, and what to do instead."""
    locale = settings.load().default_locale
    size = {"megabytes": str(-(-mail.raw_size // _MEGABYTE)), "limit": str(LARGEST // _MEGABYTE)}
    shown = worded(uow, locale, {"mail": {"subject": mail.subject, **size}}, too_large_mail)
    return queue_mail(
        uow, to=[mail.sender], locale=locale, automatic=True, in_reply_to=(mail.message_id or "")[:255] or None, **shown
    )
