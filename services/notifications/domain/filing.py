"""Where a mail belongs: the record whose mails it answers, or the tray, and why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.notifications.domain.mail_thread import MailThread
from services.notifications.domain.parsed_mail import MailKind, ParsedMail

_NUMBER: Final = re.compile(r"\[#?([A-Za-z0-9][A-Za-z0-9./-]{0,40})\]")


class TrayReason(StrEnum):
    """Why a mail waits for a person."""

    NO_THREAD = "no-thread"
    UNKNOWN_SENDER = "unknown-sender"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    OWN = "own-mail"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"


_BY_KIND: Final = {
    MailKind.AUTOMATIC: TrayReason.AUTOMATIC,
    MailKind.BOUNCE: TrayReason.BOUNCE,
    MailKind.OWN: TrayReason.OWN,
    MailKind.UNREADABLE: TrayReason.UNREADABLE,
}


@dataclass(frozen=True, kw_only=True)
class Filing:
    """``thread`` is where it belongs; with a ``reason`` it waits in the tray, and the thread is only a guess."""

    thread: MailThread | None
    reason: TrayReason | None


def numbers_in(subject: str) -> list[str]:
    """Return what stands in brackets in a subject and may be a number of ours, in order."""
    return list(dict.fromkeys(_NUMBER.findall(subject)))


def filed(mail: ParsedMail, candidates: Sequence[MailThread]) -> Filing:
    """Return where a mail belongs. ``candidates`` are the threads that it points to, the strongest sign first.

    To know a number or an address is not enough: who writes must take part. What no person wrote joins nothing.
    """
    guess = candidates[0] if candidates else None
    if mail.kind is not MailKind.MAIL:
        return Filing(thread=guess, reason=_BY_KIND[mail.kind])
    if mail.too_large:
        return Filing(thread=guess, reason=TrayReason.TOO_LARGE)
    for thread in candidates:
        if thread.has(mail.sender):
            return Filing(thread=thread, reason=None)
    return Filing(thread=guess, reason=TrayReason.UNKNOWN_SENDER if guess else TrayReason.NO_THREAD)
