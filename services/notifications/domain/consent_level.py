"""How fresh it is what notifications knows of consents."""

from datetime import datetime, timedelta
from typing import Final

from chassis.fields import Count, Instant
from chassis.model import Mapped, column
from services.notifications.domain.base import Model

STALE_AFTER: Final = timedelta(minutes=15)  # marketing waits then
ASK_EVERY: Final = timedelta(seconds=30)  # at most, while marketing goes


class ConsentLevel(Model):
    """One row: when we last knew every consent that contacts had, and when contacts was last asked about it."""

    __tablename__ = "consent_level"

    id: Mapped[Count] = column(primary_key=True)
    level_at: Mapped[Instant | None]
    asked_at: Mapped[Instant | None]


def is_stale(level_at: datetime | None, now: datetime) -> bool:
    """Whether what is known of consents is too old for marketing."""
    return level_at is None or now - level_at > STALE_AFTER


def is_to_ask(asked_at: datetime | None, now: datetime) -> bool:
    """Whether it is time to ask contacts again whether everything was heard."""
    return asked_at is None or now - asked_at >= ASK_EVERY
