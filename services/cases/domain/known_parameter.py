"""What cases knows of the settings of the installation."""

from typing import Final

from chassis.fields import Count, Slug
from chassis.model import Mapped, column
from services.cases.domain.base import Model

REOPENINGS_PER_HOUR: Final = "mail.reopenings_per_hour"
# What holds until administration tells otherwise: as its catalogue declares it.
DEFAULTS: Final = {REOPENINGS_PER_HOUR: 3}


class KnownParameter(Model):
    """A setting, as administration last told of it."""

    __tablename__ = "known_parameters"

    key: Mapped[Slug] = column(primary_key=True)
    value: Mapped[Count]
