"""Entrypoints about projects and their tasks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.history import Change
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import projects as commands
from services.cases.domain.project import Project
from services.cases.domain.task import ProjectTask
from services.cases.queries import field_log
from services.cases.queries import projects as queries
from services.cases.queries.projects import PROJECT_FILTERS, TASK_FILTERS
from services.cases.schemas import (
    FieldChangeSchema,
    NewProjectSchema,
    ProjectAssignmentSchema,
    ProjectCancellationSchema,
    ProjectRowSchema,
    ProjectSchema,
    ProjectTaskSchema,
)


class Projects:
    """What may be asked of projects."""

    @command(loads=NewProjectSchema, dumps=ProjectSchema, needs="projects:write")
    def create_project(self, uow: UnitOfWork, data: dict[str, Any]) -> Project:
        """Plan a project; with a plan it has the plan's tasks."""
        return commands.create_project(uow, **data)

    @query(dumps=ProjectSchema, needs="projects:read")
    def get_project(self, uow: UnitOfWork, project_id: UUID) -> Project:
        """Show a project with its tasks."""
        return queries.project(uow, project_id)

    @query(lists=ProjectRowSchema, filters=PROJECT_FILTERS, needs="projects:read")
    def list_projects(self, uow: UnitOfWork, page: PageRequest) -> Page[Project]:
        """List projects, the latest first."""
        return queries.projects(uow, page)

    @query(lists=ProjectRowSchema, filters=PROJECT_FILTERS, searches=True, needs="projects:read")
    def search_projects(self, uow: UnitOfWork, page: PageRequest) -> Page[Project]:
        """List the projects that a filter tree describes."""
        return queries.projects(uow, page)

    @command(patches=ProjectSchema, dumps=ProjectSchema, needs="projects:write")
    def update_project(self, uow: UnitOfWork, project_id: UUID, data: dict[str, Any]) -> Project:
        """Change a project."""
        return commands.update_project(uow, project_id, data)

    @query(dumps=FieldChangeSchema, many=True, needs="projects:read")
    def project_history(self, uow: UnitOfWork, project_id: UUID) -> Sequence[Change]:
        """Show who changed which field of a project, the latest 200 changes first."""
        return field_log.changes_of(uow, Project, project_id)

    @command(loads=ProjectAssignmentSchema, dumps=ProjectSchema, needs="projects:write")
    def assign_project(self, uow: UnitOfWork, project_id: UUID, data: dict[str, Any]) -> Project:
        """Say who is responsible for a project."""
        return commands.assign_project(uow, project_id, **data)

    @command(dumps=ProjectSchema, needs="projects:write")
    def start_project(self, uow: UnitOfWork, project_id: UUID) -> Project:
        """Begin a planned project."""
        return commands.start_project(uow, project_id)

    @command(dumps=ProjectSchema, needs="projects:write")
    def finish_project(self, uow: UnitOfWork, project_id: UUID) -> Project:
        """Finish a project whose required tasks are done."""
        return commands.finish_project(uow, project_id)

    @command(loads=ProjectCancellationSchema, dumps=ProjectSchema, needs="projects:write")
    def cancel_project(self, uow: UnitOfWork, project_id: UUID, data: dict[str, Any]) -> Project:
        """Give a project up."""
        return commands.cancel_project(uow, project_id, **data)

    @command(dumps=ProjectSchema, needs="projects:write")
    def reopen_project(self, uow: UnitOfWork, project_id: UUID) -> Project:
        """Go on with a project that is done or cancelled."""
        return commands.reopen_project(uow, project_id)

    @command(loads=ProjectTaskSchema, dumps=ProjectTaskSchema, needs="projects:write")
    def add_project_task(self, uow: UnitOfWork, project_id: UUID, data: dict[str, Any]) -> ProjectTask:
        """Add a task to a project."""
        return commands.add_task(uow, project_id, **data)

    @query(dumps=ProjectTaskSchema, needs="projects:read")
    def get_project_task(self, uow: UnitOfWork, task_id: UUID) -> ProjectTask:
        """Show a task of a project."""
        return queries.task(uow, task_id)

    @query(lists=ProjectTaskSchema, filters=TASK_FILTERS, needs="projects:read")
    def list_project_tasks(self, uow: UnitOfWork, page: PageRequest) -> Page[ProjectTask]:
        """List tasks of projects, what is due first first; ``project_id`` gives those of one project."""
        return queries.tasks(uow, page)

    @command(patches=ProjectTaskSchema, dumps=ProjectTaskSchema, needs="projects:write")
    def update_project_task(self, uow: UnitOfWork, task_id: UUID, data: dict[str, Any]) -> ProjectTask:
        """Change a task of a project."""
        return commands.update_task(uow, task_id, data)

    @command(dumps=ProjectTaskSchema, needs="projects:write")
    def finish_project_task(self, uow: UnitOfWork, task_id: UUID) -> ProjectTask:
        """Finish a task; a planned project has begun with it."""
        return commands.finish_task(uow, task_id)

    @command(dumps=ProjectTaskSchema, needs="projects:write")
    def skip_project_task(self, uow: UnitOfWork, task_id: UUID) -> ProjectTask:
        """Leave a task of a project undone for good."""
        return commands.skip_task(uow, task_id)
