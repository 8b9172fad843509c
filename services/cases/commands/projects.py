"""Everything a user can do to projects and their tasks."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis import settings as installation
from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from contracts.projects import ProjectTaskDone
from services.cases.domain.local_instants import opening
from services.cases.domain.project import Project, ProjectState
from services.cases.domain.project_plan import ProjectPlan
from services.cases.domain.task import ProjectTask, TaskState
from services.cases.errors import TasksAreOpen, UnknownReference
from services.cases.queries import calendars, projects, rules


def create_project(uow: UnitOfWork, *, plan_id: UUID | None = None, **attributes: Any) -> Project:
    """Plan a project, with the tasks of a plan where one is named.

    Raises ``UnknownReference``, ``OpportunityHasItsProject``, ``EndsBeforeItStarts``.
    """
    plan = None if plan_id is None else uow.session.get(ProjectPlan, plan_id)
    if plan_id is not None and (plan is None or not plan.active):
        raise UnknownReference("plan_id")
    return projects.shown(uow, open_project(uow, plan, **attributes))


def open_project(
    uow: UnitOfWork, plan: ProjectPlan | None, *, responsible_id: UUID | None = None, **attributes: Any
) -> Project:
    """Open a project by a plan; tasks that the plan gives to nobody are for whoever is responsible."""
    projects.check_opportunity(uow, attributes.get("opportunity_id"))
    project = Project(plan_id=plan and plan.id, **attributes)
    project.owner_id = responsible_id or (plan and plan.responsible_id) or project.owner_id
    project.be_born_to(uow.actor)
    project.open()
    uow.add(project)
    for task in _tasks(uow, project, plan, utc_now()):
        uow.add(task)
    return project


def update_project(uow: UnitOfWork, project_id: UUID, changes: dict[str, Any]) -> Project:
    """Change a project. Raises ``VersionConflict`` and what creating one raises."""
    project = uow.change(Project, project_id)
    projects.check_opportunity(uow, changes.get("opportunity_id"), besides=project_id)
    if "owner_id" in changes:
        project.assign(changes.pop("owner_id"))
    project.change(changes)
    return projects.shown(uow, project)


def assign_project(uow: UnitOfWork, project_id: UUID, *, responsible_id: UUID, because: str | None = None) -> Project:
    """Have somebody else be responsible for a project."""
    project = uow.change(Project, project_id)
    project.assign(responsible_id, because)
    return projects.shown(uow, project)


def start_project(uow: UnitOfWork, project_id: UUID) -> Project:
    """Begin a planned project. Raises ``ProjectIsInAnotherState``."""
    project = uow.change(Project, project_id)
    project.start(utc_now())
    return projects.shown(uow, project)


def finish_project(uow: UnitOfWork, project_id: UUID) -> Project:
    """End a project well. Raises ``TasksAreOpen`` while required ones are, ``ProjectIsInAnotherState``."""
    project = uow.change(Project, project_id)
    project.demand_open()
    if missing := projects.open_required(uow, project_id):
        raise TasksAreOpen(tasks=", ".join(missing))
    project.finish(utc_now())
    return projects.shown(uow, project)


def cancel_project(uow: UnitOfWork, project_id: UUID, *, because: str | None = None) -> Project:
    """Give a project up; its tasks stay as they are. Raises ``ProjectIsInAnotherState``."""
    project = uow.change(Project, project_id)
    project.cancel(utc_now(), because)
    return projects.shown(uow, project)


def reopen_project(uow: UnitOfWork, project_id: UUID) -> Project:
    """Go on with a project that is over. Raises ``ProjectIsInAnotherState``."""
    project = uow.change(Project, project_id)
    project.reopen()
    return projects.shown(uow, project)


def add_task(uow: UnitOfWork, project_id: UUID, **attributes: Any) -> ProjectTask:
    """Add a task to a project. Raises ``ProjectIsInAnotherState`` where it is over."""
    uow.get(Project, project_id).demand_open()
    return uow.add(ProjectTask(project_id=project_id, **attributes))


def update_task(uow: UnitOfWork, task_id: UUID, changes: Mapping[str, Any]) -> ProjectTask:
    """Change a task. Raises ``VersionConflict``."""
    task = uow.change(ProjectTask, task_id)
    uow.get(Project, task.project_id)
    task.apply(changes)
    return task


def finish_task(uow: UnitOfWork, task_id: UUID) -> ProjectTask:
    """Finish a task; with the first one its project has begun. Raises ``TaskIsNotOpen``."""
    return _end_task(uow, task_id, TaskState.DONE)


def skip_task(uow: UnitOfWork, task_id: UUID) -> ProjectTask:
    """Leave a task undone for good. Raises ``TaskIsNotOpen``."""
    return _end_task(uow, task_id, TaskState.SKIPPED)


def _end_task(uow: UnitOfWork, task_id: UUID, state: TaskState) -> ProjectTask:
    task, at = uow.change(ProjectTask, task_id), utc_now()
    # Two who finish tasks at the same time tell of it one after the other.
    project = uow.get(Project, task.project_id, lock=True)
    task.end(state, at, uow.actor.user_id)
    if state is TaskState.DONE and project.state is ProjectState.PLANNED:
        project.start(at)
    project.record(ProjectTaskDone(**project.about, task_id=task.id, title=task.title, state=state.value))
    return task


def _tasks(uow: UnitOfWork, project: Project, plan: ProjectPlan | None, at: datetime) -> list[ProjectTask]:
    hours = rules.current(uow).default_hours
    time = None if hours is None else calendars.time_of(uow, hours)
    since = at if project.starts_on is None else max(at, _morning(project.starts_on))
    return [
        ProjectTask(
            project_id=project.id,
            position=place,
            title=task.title,
            description=task.description,
            required=task.required,
            assignee_id=task.assignee_id or project.owner_id,
            due_at=task.due_minutes and time and time.due(since, timedelta(minutes=task.due_minutes)),
        )
        for place, task in enumerate(plan.tasks if plan else [], start=1)
    ]


def _morning(day: date) -> datetime:
    return opening(day, 0, ZoneInfo(installation.load().default_time_zone))
