"""How often we write to one address by ourselves: seldom enough that two programs never answer each other for long."""

from datetime import datetime, timedelta
from typing import Final

from chassis.fields import Count, Instant, ShortText, values
from chassis.model import Mapped, column
from services.notifications.domain.base import Model

WINDOW: Final = timedelta(hours=1)
MOST: Final = 100
TALKATIVE: Final = 10  # mails of one address within the window, from which on it may well be a program
RULE: Final = "automatic-limit"  # why a mail was held back, as it stands in its log


class Allowance(Model):
    """When mails went to an address by themselves lately; ``address_key`` stands for the address, as in consents.

    Whoever lets a mail go holds the row locked, so that two processes do not both let the last one go.
    """

    __tablename__ = "mail_allowances"

    address_key: Mapped[ShortText] = column(primary_key=True)
    gone: Mapped[list[Instant]] = values(Instant, most=MOST)
    held_back: Mapped[Count] = column(default=0)
    last_at: Mapped[Instant] = column(index=True)

    def free_at(self, at: datetime, limit: int) -> datetime:
        """Return when the next mail may go: now, or when the oldest of the last ``limit`` is an hour ago."""
        lately = [each for each in self.gone if each > at - WINDOW]
        if limit <= 0:
            return at + WINDOW
        return at if len(lately) < limit else lately[-limit] + WINDOW

    def let_go(self, at: datetime) -> None:
        """Note that a mail goes now."""
        self.gone = [*(each for each in self.gone if each > at - WINDOW), at][-MOST:]
        self.last_at = at

    def hold_back(self, at: datetime) -> None:
        """Note that a mail does not go."""
        self.held_back += 1
        self.last_at = at
