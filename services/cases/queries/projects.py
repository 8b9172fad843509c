"""Questions about projects, their tasks, and the plans that they follow."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.errors import NotFound
from chassis.fields import AliasedId, Flag, Id
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.cards import task_cards
from services.cases.domain.project import Project, ProjectState
from services.cases.domain.project_plan import ProjectPlan
from services.cases.domain.task import ProjectTask, TaskState
from services.cases.errors import OpportunityHasItsProject, UnknownReference

_OVER = [state for state in ProjectState if state.is_over]
PROJECT_FILTERS = filters_for(
    Project,
    default_sort=("-id",),
    contact_id=where(AliasedId, lambda id_: sa.or_(Project.person_id == id_, Project.company_id == id_)),
    responsible_id=where(Id, lambda id_: Project.owner_id == id_),
    is_open=where(Flag, lambda wanted: Project.state.not_in(_OVER) if wanted else Project.state.in_(_OVER)),
)
TASK_FILTERS = filters_for(ProjectTask, default_sort=("due_at", "id"))
PLAN_FILTERS = filters_for(ProjectPlan, default_sort=("name",))


def projects(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of the projects that the caller may see."""
    return page.apply(uow.scoped(sa.select(Project), Project), uow.session)


def project(uow: UnitOfWork, project_id: UUID) -> Project:
    """Return a project with its tasks. Raises ``NotFound``."""
    return shown(uow, uow.get(Project, project_id))


def shown(uow: UnitOfWork, found: Project) -> Project:
    """Give a project its tasks, for the answer."""
    return found.showing(tasks=task_cards(tasks_of(uow, found.id)))


def tasks_of(uow: UnitOfWork, project_id: UUID) -> Sequence[ProjectTask]:
    """Return the tasks of a project in their order."""
    mine = sa.select(ProjectTask).where(ProjectTask.project_id == project_id)
    return uow.session.scalars(mine.order_by(ProjectTask.position, ProjectTask.id)).all()


def tasks(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of the tasks of projects that the caller may see, what is due first first."""
    query = sa.select(ProjectTask).join(Project, Project.id == ProjectTask.project_id)
    return page.apply(uow.scoped(query, Project), uow.session)


def task(uow: UnitOfWork, task_id: UUID) -> ProjectTask:
    """Return a task of a project that the caller may see. Raises ``NotFound``."""
    found = uow.get(ProjectTask, task_id)
    if uow.session.scalar(uow.scoped(sa.select(Project.id).where(Project.id == found.project_id), Project)) is None:
        raise NotFound(resource=ProjectTask.resource, id=str(task_id))
    return found


def open_required(uow: UnitOfWork, project_id: UUID) -> Sequence[str]:
    """Return the titles of what must be done before a project is finished."""
    query = sa.select(ProjectTask.title).where(
        ProjectTask.project_id == project_id, ProjectTask.required.is_(True), ProjectTask.state == TaskState.OPEN
    )
    return uow.session.scalars(query.order_by(ProjectTask.position, ProjectTask.id)).all()


def of_opportunity(uow: UnitOfWork, opportunity_id: UUID) -> Project | None:
    """Return the project of an opportunity, whoever may see it."""
    return uow.session.scalars(sa.select(Project).where(Project.opportunity_id == opportunity_id)).one_or_none()


def check_opportunity(uow: UnitOfWork, opportunity_id: UUID | None, *, besides: UUID | None = None) -> None:
    """Raise ``OpportunityHasItsProject`` where another project came of the same sale."""
    found = None if opportunity_id is None else of_opportunity(uow, opportunity_id)
    if found is not None and found.id != besides:
        raise OpportunityHasItsProject(name=found.name)


def check_visible(uow: UnitOfWork, project_id: UUID | None) -> None:
    """Raise ``UnknownReference`` unless the project, where one is named, exists and the caller may see it."""
    if project_id is None:
        return
    mine = uow.scoped(sa.select(Project.id).where(Project.id == project_id), Project, permission="projects:read")
    if uow.session.scalar(mine) is None:
        raise UnknownReference("project_id")


def plans(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of plans."""
    return page.apply(sa.select(ProjectPlan), uow.session)


def default_plan(uow: UnitOfWork) -> ProjectPlan | None:
    """Return the plan that projects of won opportunities follow."""
    return uow.session.scalars(sa.select(ProjectPlan).where(ProjectPlan.is_default.is_(True))).first()


def follows_plan(uow: UnitOfWork, plan_id: UUID) -> bool:
    """Whether a project follows a plan."""
    return bool(uow.session.scalar(sa.select(sa.exists().where(Project.plan_id == plan_id))))
