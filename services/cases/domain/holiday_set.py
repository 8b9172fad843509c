"""A holiday set: the holidays of a country, region or town, shared by calendars."""

from typing import ClassVar

from chassis.fields import Country, Logged, Name, values
from chassis.model import Aggregate, Mapped, column
from services.cases.domain.base import Model
from services.cases.domain.opening_hours import Holiday


class HolidaySet(Aggregate, Model):
    """Holidays under one name. Changing them moves the open clocks of every calendar that has the set."""

    __tablename__ = "holiday_sets"
    resource: ClassVar = "holiday-sets"

    name: Mapped[Logged[Name]] = column(unique=True)
    country: Mapped[Logged[Country] | None]
    holidays: Mapped[Logged[list[Holiday]]] = values(Holiday, most=1000)
