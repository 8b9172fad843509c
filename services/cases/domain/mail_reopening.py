"""How often the mails of one sender reopened a case: seldom enough that no program keeps one from ending."""

from datetime import datetime, timedelta
from typing import Final

from chassis.fields import Id, Instant, ShortText, values
from chassis.model import Mapped, column
from services.cases.domain.base import Model

WINDOW: Final = timedelta(hours=1)
MOST: Final = 100


class MailReopening(Model):
    """``case_id`` is the first of the cases that follow each other, ``sender_key`` stands for the address.

    Whoever counts holds the row locked, so that two mails at once are two.
    """

    __tablename__ = "mail_reopenings"

    case_id: Mapped[Id] = column(primary_key=True)
    sender_key: Mapped[ShortText] = column(primary_key=True)
    reopened: Mapped[list[Instant]] = values(Instant, most=MOST)
    held_back: Mapped[list[Instant]] = values(Instant, most=MOST)
    last_at: Mapped[Instant] = column(index=True)

    def count(self, at: datetime, limit: int) -> bool:
        """Count a mail that would reopen the case; returns whether it may."""
        lately = [each for each in self.reopened if each > at - WINDOW]
        self.last_at = at
        if len(lately) >= limit:
            return False
        self.reopened = [*lately, at][-MOST:]
        return True

    def hold_back(self, at: datetime) -> bool:
        """Note a mail that does not reopen the case; returns whether it is the first within the hour."""
        lately = [each for each in self.held_back if each > at - WINDOW]
        self.held_back = lately or [at]
        return not lately
