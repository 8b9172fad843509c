"""An event as it was published: the history that programs outside read again, and what webhooks send."""

from typing import ClassVar

from chassis.fields import Id, Instant, Internal, LongText, ReadOnly, ShortText, Whole
from chassis.ids import new_id
from chassis.indexes import index
from chassis.model import Mapped, Owned, column
from services.notifications.domain.base import Model


class PublishedEvent(Owned, Model):
    """One event, whole. ``position`` grows in the order in which events came; whose it is decides who reads it."""

    __tablename__ = "published_events"
    __table_args__ = (index("ix_published_events_subject_position", "subject", "position"),)
    resource: ClassVar = "events"

    id: Mapped[ReadOnly[Id]] = column(primary_key=True)
    position: Mapped[ReadOnly[Id]] = column(default=new_id, unique=True)
    type: Mapped[ReadOnly[ShortText]] = column(index=True)
    subject: Mapped[ReadOnly[ShortText]]
    sequence: Mapped[ReadOnly[Whole]]
    time: Mapped[ReadOnly[Instant]] = column(index=True)
    body: Mapped[Internal[LongText]]
