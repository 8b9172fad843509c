"""What an area does when the customer of a case that is over writes again."""

from enum import StrEnum
from typing import ClassVar

from chassis.fields import Count, Flag, Id, Logged
from chassis.model import Aggregate, Mapped, column
from services.cases.domain.base import Model
from services.cases.domain.sla_policy import REOPENING_DAYS


class ReopeningMode(StrEnum):
    """Whether the case itself goes on, or a new one that follows it."""

    ALWAYS = "always"
    NEW_CASE = "new_case"
    WITHIN_DAYS = "within_days"


class ReopeningRule(Aggregate, Model):
    """The rule of one area, or of all that have none; without any, cases go by the days of their SLA policy."""

    __tablename__ = "reopening_rules"
    resource: ClassVar = "reopening-rules"

    group_id: Mapped[Logged[Id] | None] = column(unique=True, doc="The area; without one it holds for all others.")
    mode: Mapped[Logged[ReopeningMode]]
    days: Mapped[Logged[Count]] = column(
        default=REOPENING_DAYS, doc="Working days within which the case itself goes on; for within_days."
    )
    keep_owner: Mapped[Logged[Flag]] = column(
        default=True, doc="Whether who was responsible and who resolved it have it again; else the area has it."
    )
