"""A task of a case: something to be done before it is solved."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from chassis.fields import Count, Flag, Id, Instant, LongText, Name, ReadOnly
from chassis.indexes import ForeignKey
from chassis.model import Aggregate, Mapped, column
from services.cases.domain.base import Model
from services.cases.errors import TaskIsNotOpen


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class CaseTask(Aggregate, Model):
    """One task. A required one keeps the case from being resolved where its workflow says so."""

    __tablename__ = "case_tasks"
    resource: ClassVar = "case-tasks"

    case_id: Mapped[ReadOnly[Id]] = column(ForeignKey("cases.id"), index=True)
    position: Mapped[Count] = column(default=100)
    title: Mapped[Name]
    description: Mapped[LongText | None]
    required: Mapped[Flag] = column(default=False)
    assignee_id: Mapped[Id | None] = column(index=True)
    due_at: Mapped[Instant | None] = column(index=True)
    state: Mapped[ReadOnly[TaskState]] = column(default=TaskState.OPEN)
    ended_at: Mapped[ReadOnly[Instant] | None]
    ended_by: Mapped[ReadOnly[Id] | None]

    def end(self, state: TaskState, at: datetime, by: UUID | None) -> None:
        """Finish the task, or leave it undone for good. Raises ``TaskIsNotOpen``."""
        if self.state is not TaskState.OPEN:
            raise TaskIsNotOpen(state=self.state.value)
        self.state, self.ended_at, self.ended_by = state, at, by
