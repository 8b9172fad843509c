"""What notifications knows of the settings of the installation: those that say how mails are limited and threaded."""

from typing import Final

from chassis.fields import Count, Slug
from chassis.model import Mapped, column
from services.notifications.domain.base import Model

AUTOMATIC_PER_HOUR: Final = "mail.automatic_replies_per_hour"
SAME_SUBJECT_DAYS: Final = "mail.same_subject_days"
# What holds until administration tells otherwise: as its catalogue declares them.
DEFAULTS: Final = {AUTOMATIC_PER_HOUR: 1, SAME_SUBJECT_DAYS: 0}


class KnownParameter(Model):
    """A setting, as administration last told of it."""

    __tablename__ = "known_parameters"

    key: Mapped[Slug] = column(primary_key=True)
    value: Mapped[Count]
