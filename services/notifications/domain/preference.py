"""A preference: whether one person wants to be told of something by one channel."""

from typing import ClassVar, Final

from chassis.fields import Flag, ReadOnly, Slug
from chassis.indexes import unique
from chassis.model import Aggregate, Mapped, Owned
from services.notifications.domain.base import Model
from services.notifications.domain.message import MessageChannel

EVERYTHING: Final = "everything"


class Preference(Owned, Aggregate, Model):
    """``topic`` is the service that tells (``cases``), or ``everything``; the narrower one counts."""

    __tablename__ = "preferences"
    __table_args__ = (unique("owner_id", "channel", "topic"),)
    resource: ClassVar = "preferences"

    channel: Mapped[ReadOnly[MessageChannel]]
    topic: Mapped[ReadOnly[Slug]]
    wanted: Mapped[Flag]
