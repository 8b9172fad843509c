"""A session: one browser that signed in."""

from datetime import datetime, timedelta
from typing import ClassVar

from chassis.fields import Id, Instant, Internal, ReadOnly, ShortText, Slug
from chassis.indexes import ForeignKey
from chassis.model import Aggregate, Mapped, Owned, column
from contracts.administration import SessionEnded
from services.administration.domain.base import Model

# How exact "last used" is. Writing it at every request would turn each read into a write.
USE_NOTED_EVERY = timedelta(minutes=1)


class Session(Owned, Aggregate, Model):
    """Ends by itself at ``expires_at``, or earlier when nobody used it for the idle limit. Owned by its user."""

    __tablename__ = "sessions"
    resource: ClassVar[str] = "sessions"

    user_id: Mapped[ReadOnly[Id]] = column(ForeignKey("users.id"), index=True)
    secret_hash: Mapped[Internal[Slug]] = column(unique=True)
    address: Mapped[ReadOnly[ShortText] | None]
    user_agent: Mapped[ReadOnly[ShortText] | None]
    last_used_at: Mapped[ReadOnly[Instant]]
    expires_at: Mapped[ReadOnly[Instant]] = column(index=True)
    ended_at: Mapped[ReadOnly[Instant] | None]
    ended_because: Mapped[ReadOnly[ShortText] | None]

    def end(self, *, at: datetime, because: str) -> None:
        """End the session; ending it twice changes nothing."""
        if self.ended_at is None:
            self.ended_at, self.ended_because = at, because
            self.record(SessionEnded(session_id=self.id, user_id=self.user_id, reason=because, ended_at=at))


def good_until(expires_at: datetime, last_used_at: datetime, idle: timedelta) -> datetime:
    """Return when a session ends that nobody uses from now on."""
    return min(expires_at, last_used_at + idle)
