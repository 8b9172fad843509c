"""Which state the configuration is in: another stamp after each change of types, workflows, policies or calendars."""

from typing import Final

from chassis.fields import Count, Id
from chassis.model import Mapped, column
from services.cases.domain.base import Model

ONLY: Final = 1


class RulesStamp(Model):
    """One row; whoever knows the configuration of its stamp need not read it again."""

    __tablename__ = "rules_stamp"

    row: Mapped[Count] = column(primary_key=True, autoincrement=False)
    stamp: Mapped[Id]
