"""A task: something to be done before a case is solved, or a project finished."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from chassis.fields import Count, Flag, Id, Instant, LongText, Name, ReadOnly
from chassis.indexes import ForeignKey
from chassis.model import Aggregate, Mapped, column
from chassis.words import Worded
from services.cases.domain.base import Model
from services.cases.errors import TaskIsNotOpen


class TaskState(Worded):
    """Where a task stands."""

    OPEN = "open", "abierta"
    DONE = "done", "hecha"
    SKIPPED = "skipped", "omitida"


class Task:
    """What every task has, whatever it is a task of."""

    position: Mapped[Count] = column(default=100, sort_order=10)
    title: Mapped[Name] = column(sort_order=11)
    description: Mapped[LongText | None] = column(sort_order=12)
    required: Mapped[Flag] = column(default=False, sort_order=13)
    assignee_id: Mapped[Id | None] = column(index=True, sort_order=14)
    due_at: Mapped[Instant | None] = column(index=True, sort_order=15)
    state: Mapped[ReadOnly[TaskState]] = column(default=TaskState.OPEN, sort_order=16)
    ended_at: Mapped[ReadOnly[Instant] | None] = column(sort_order=17)
    ended_by: Mapped[ReadOnly[Id] | None] = column(sort_order=18)

    def end(self, state: TaskState, at: datetime, by: UUID | None) -> None:
        """Finish the task, or leave it undone for good. Raises ``TaskIsNotOpen``."""
        if self.state is not TaskState.OPEN:
            raise TaskIsNotOpen(state=self.state)
        self.state, self.ended_at, self.ended_by = state, at, by


class CaseTask(Task, Aggregate, Model):
    """A task of a case. A required one keeps it from being resolved where its workflow says so."""

    __tablename__ = "case_tasks"
    resource: ClassVar = "case-tasks"

    case_id: Mapped[ReadOnly[Id]] = column(ForeignKey("cases.id"), index=True, sort_order=1)


class ProjectTask(Task, Aggregate, Model):
    """A task of a project. A required one keeps it from being finished."""

    __tablename__ = "project_tasks"
    resource: ClassVar = "tasks"

    project_id: Mapped[ReadOnly[Id]] = column(ForeignKey("projects.id"), index=True, sort_order=1)
