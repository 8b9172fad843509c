"""A project plan: what projects of one kind begin with."""

from typing import ClassVar

from chassis.fields import Flag, Id, Logged, LongText, Name, ReadOnly, values
from chassis.indexes import ForeignKey
from chassis.model import Aggregate, Mapped, column
from services.cases.domain.base import Model
from services.cases.domain.case_type import TypeTask


class ProjectPlan(Aggregate, Model):
    """Tasks, due so much working time after the start, and who is responsible; projects of sales follow the default.

    ``after_sale_type_id`` is the type of the case by which a won sale is followed up; without one none is opened.
    """

    __tablename__ = "project_plans"
    resource: ClassVar = "plans"

    name: Mapped[Logged[Name]] = column(unique=True)
    description: Mapped[Logged[LongText] | None]
    active: Mapped[Logged[Flag]] = column(default=True)
    is_default: Mapped[ReadOnly[Flag]] = column(default=False, doc="Projects of won opportunities follow it.")
    responsible_id: Mapped[Logged[Id] | None] = column(doc="Who is responsible where nobody is named.")
    after_sale_type_id: Mapped[Logged[Id] | None] = column(ForeignKey("case_types.id"), index=True)
    tasks: Mapped[Logged[list[TypeTask]]] = values(TypeTask, most=200)
