"""Everything a user can do to the tasks of a case."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.cases import CaseTaskDone
from services.cases.domain.case import Case
from services.cases.domain.task import CaseTask, TaskState


def add_task(uow: UnitOfWork, case_id: UUID, **attributes: Any) -> CaseTask:
    """Add a task to a case."""
    uow.get(Case, case_id).demand_unmerged()
    return uow.add(CaseTask(case_id=case_id, **attributes))


def update_task(uow: UnitOfWork, case_id: UUID, task_id: UUID, changes: Mapping[str, Any]) -> CaseTask:
    """Change a task. Raises ``VersionConflict``."""
    task = _task(uow, case_id, task_id)
    task.apply(changes)
    return task


def end_task(uow: UnitOfWork, case_id: UUID, task_id: UUID, state: TaskState) -> CaseTask:
    """Finish a task, or leave it undone for good. Raises ``TaskIsNotOpen``."""
    task = _task(uow, case_id, task_id)
    task.end(state, utc_now(), uow.actor.user_id)
    case = uow.get(Case, case_id)
    task.record(CaseTaskDone(case_id=case_id, number=case.number, task_id=task_id, title=task.title, state=state.value))
    return task


def finish_task(uow: UnitOfWork, case_id: UUID, task_id: UUID) -> CaseTask:
    """Finish a task. Raises ``TaskIsNotOpen``."""
    return end_task(uow, case_id, task_id, TaskState.DONE)


def skip_task(uow: UnitOfWork, case_id: UUID, task_id: UUID) -> CaseTask:
    """Leave a task undone for good. Raises ``TaskIsNotOpen``."""
    return end_task(uow, case_id, task_id, TaskState.SKIPPED)


def _task(uow: UnitOfWork, case_id: UUID, task_id: UUID) -> CaseTask:
    uow.get(Case, case_id)
    task = uow.change(CaseTask, task_id)
    if task.case_id != case_id:
        raise NotFound(resource="case-tasks", id=str(task_id))
    return task
