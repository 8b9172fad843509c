"""The catalogue of reasons for which a sale was lost or a lead given up."""

from enum import StrEnum
from typing import ClassVar

from chassis.fields import Flag, Logged, Slug, value
from chassis.indexes import unique
from chassis.model import Aggregate, Mapped, column
from chassis.translated import Translated
from services.sales.domain.base import Model


class Ending(StrEnum):
    """What a reason explains."""

    OPPORTUNITY = "opportunity"
    LEAD = "lead"


class CloseReason(Aggregate, Model):
    """Why an opportunity was lost, or a lead disqualified."""

    __tablename__ = "close_reasons"
    resource: ClassVar = "close-reasons"
    __table_args__ = (unique("ending", "slug"),)

    ending: Mapped[Ending]
    slug: Mapped[Slug]
    name: Mapped[Logged[Translated]] = value(Translated)
    active: Mapped[Logged[Flag]] = column(default=True)
