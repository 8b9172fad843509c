"""A delivery: one event on its way to one webhook, with the log of every attempt."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from chassis.clock import utc_now
from chassis.fields import Count, Id, Instant, LongText, ReadOnly, ShortText, Url, values
from chassis.ids import new_id
from chassis.indexes import ForeignKey, index, unique
from chassis.model import Mapped, column
from services.notifications.domain.base import Model

LOGGED_ANSWER: Final = 2000  # characters of an answer that are kept
LOGGED_ATTEMPTS: Final = 30
_GONE: Final = 410
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One call: when, where to, how long in milliseconds, and the answer, of which the beginning is kept.

    ``status`` is null where nothing answered; ``error`` says why. ``retry_after`` is what the receiver asked for.
    """

    at: Instant
    url: Url
    duration_ms: Count
    status: Count | None = None
    answer: LongText | None = None
    error: LongText | None = None
    retry_after: Count | None = None

    @property
    def accepted(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own numbers

    @property
    def gone(self) -> bool:
        """Whether the receiver wants to be called no more."""
        return self.status == _GONE

    @property
    def unwell(self) -> bool:
        """Whether the receiver is not there or has too much to do, so that other events would fare no better."""
        return self.status is None or self.status >= _SERVER_ERROR or self.status == _TOO_MANY


class WebhookDelivery(Model):
    """An event for a webhook. Of one subject, the next waits until this one is delivered or given up."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        index("ix_webhook_deliveries_lane", "webhook_id", "subject", "state", "id"),
        index("ix_webhook_deliveries_event", "webhook_id", "event_id"),
    )
    resource: ClassVar = "webhook-deliveries"

    id: Mapped[ReadOnly[Id]] = column(primary_key=True, default=new_id)
    webhook_id: Mapped[ReadOnly[Id]] = column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event_id: Mapped[ReadOnly[Id]]
    type: Mapped[ReadOnly[ShortText]]
    subject: Mapped[ReadOnly[ShortText]]
    state: Mapped[ReadOnly[DeliveryState]] = column(default=DeliveryState.PENDING)
    attempts: Mapped[ReadOnly[Count]] = column(default=0)
    status: Mapped[ReadOnly[Count] | None] = column(doc="The last answer's HTTP status.")
    created_at: Mapped[ReadOnly[Instant]] = column(default=utc_now, index=True)
    delivered_at: Mapped[ReadOnly[Instant] | None]
    log: Mapped[ReadOnly[list[Attempt]]] = values(Attempt)

    def attempted(self, attempt: Attempt) -> None:
        """Note an attempt and what came of it."""
        self.attempts += 1
        self.status = attempt.status
        self.log = [*self.log, attempt][-LOGGED_ATTEMPTS:]
        if attempt.accepted:
            self.state, self.delivered_at = DeliveryState.DELIVERED, attempt.at

    def give_up(self) -> None:
        """Let the next one of the subject go."""
        self.state = DeliveryState.FAILED


class WebhookLane(Model):
    """The deliveries of one subject to one webhook that wait; there is a row while there are any."""

    __tablename__ = "webhook_lanes"
    __table_args__ = (unique("webhook_id", "subject"), index("ix_webhook_lanes_next", "webhook_id", "due_at"))

    id: Mapped[Id] = column(primary_key=True, default=new_id)
    webhook_id: Mapped[Id] = column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    subject: Mapped[ShortText]
    due_at: Mapped[Instant]
    failures: Mapped[Count] = column(default=0)

    def failed(self, until: datetime) -> None:
        """Wait until ``until``."""
        self.failures += 1
        self.due_at = until
