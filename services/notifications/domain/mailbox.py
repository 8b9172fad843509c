"""A mailbox: an IMAP account that is looked into for new mail, and left as it is."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from chassis.clock import utc_now
from chassis.fields import Count, Email, Flag, Instant, Internal, Logged, LongText, Name, ReadOnly, ShortText
from chassis.model import Aggregate, Mapped, column
from services.notifications.domain.base import Model

LONGEST_PAUSE = timedelta(hours=1)


class MailboxSecurity(StrEnum):
    """How the connection is encrypted."""

    IMAPS = "imaps"
    STARTTLS = "starttls"
    NONE = "none"


class Mailbox(Aggregate, Model):
    """Mail that was there before the first look stays out, unless ``from_the_beginning``."""

    __tablename__ = "mailboxes"
    resource: ClassVar = "mailboxes"

    name: Mapped[Logged[Name]]
    host: Mapped[Logged[ShortText]]
    port: Mapped[Logged[Count]] = column(default=993)
    security: Mapped[Logged[MailboxSecurity]] = column(default=MailboxSecurity.IMAPS)
    username: Mapped[Logged[ShortText]]
    address: Mapped[Logged[Email] | None] = column(doc="Whose mail comes there, where the user name does not say it.")
    folder: Mapped[Logged[ShortText]] = column(default="INBOX")
    every_seconds: Mapped[Count] = column(default=60)
    from_the_beginning: Mapped[Flag] = column(default=False)
    active: Mapped[Logged[Flag]] = column(default=True)
    received: Mapped[ReadOnly[Count]] = column(default=0)
    looked_at: Mapped[ReadOnly[Instant] | None]
    failures: Mapped[ReadOnly[Count]] = column(default=0)
    last_error: Mapped[ReadOnly[LongText] | None]
    sealed_password: Mapped[Internal[LongText]] = column(default="")
    due_at: Mapped[Internal[Instant]] = column(default=utc_now, index=True)
    uid_validity: Mapped[Internal[Count] | None]
    last_uid: Mapped[Internal[Count] | None]

    def pause_after(self, failures: int) -> timedelta:
        """Return how long to wait for the next look: longer and longer while it cannot be reached."""
        usual = timedelta(seconds=max(self.every_seconds, 5))
        return min(usual * (1 << min(failures, 10)), max(LONGEST_PAUSE, usual))

    def look_again(self, at: datetime) -> None:
        """Look at once, for example after the password was changed."""
        self.due_at, self.failures, self.last_error = at, 0, None
