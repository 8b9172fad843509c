"""What slows down guessing: the failures of one user name or one address, remembered across restarts."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from chassis.fields import Count, Instant, ReadOnly, Slug
from chassis.indexes import unique
from chassis.model import Aggregate, Mapped, column
from contracts.administration import LogInRefused
from services.administration.domain.base import Model
from services.administration.domain.log_in_delay import Slowed, delay_after, failures_after


class LogInBrake(Aggregate, Model):
    """One user name or one address; ``key`` is its hash, so that mistyped passwords are not kept as names."""

    __tablename__ = "log_in_brakes"
    __table_args__ = (unique("slowed", "key"),)
    resource: ClassVar[str] = "log-in-brakes"

    slowed: Mapped[ReadOnly[Slug]]
    key: Mapped[ReadOnly[Slug]]
    failures: Mapped[ReadOnly[Count]] = column(default=0)
    last_failed_at: Mapped[ReadOnly[Instant] | None] = column(index=True)
    blocked_until: Mapped[ReadOnly[Instant] | None]

    def count_failure(
        self, slowed: Slowed, *, at: datetime, longest: timedelta, user_id: UUID | None, address: str | None
    ) -> None:
        """Count one failure at the instant ``at`` and set the delay that follows from it."""
        self.failures = failures_after(self.failures, self.last_failed_at, at)
        self.last_failed_at = at
        delay = delay_after(self.failures, slowed, longest)
        self.blocked_until = at + delay if delay else None
        self.record(
            LogInRefused(
                slowed=slowed,
                user_id=user_id,
                address=address,
                failures=self.failures,
                blocked_until=self.blocked_until,
            )
        )
