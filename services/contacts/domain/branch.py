"""A branch: an office or sales channel of ours; all of them share one customer file."""

from typing import ClassVar

from chassis.fields import Flag, Logged, Name, Slug, TimeZoneName
from chassis.model import Aggregate, Mapped, column
from services.contacts.domain.base import Model


class Branch(Aggregate, Model):
    """One branch. It is switched off, not deleted, once records name it."""

    __tablename__ = "branches"
    resource: ClassVar = "branches"

    code: Mapped[Slug] = column(unique=True)
    name: Mapped[Logged[Name]]
    city: Mapped[Logged[Name] | None]
    time_zone: Mapped[Logged[TimeZoneName] | None]
    active: Mapped[Logged[Flag]] = column(default=True)
