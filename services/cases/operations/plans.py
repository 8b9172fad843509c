"""Entrypoints about project plans."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import plans as commands
from services.cases.domain.project_plan import ProjectPlan
from services.cases.queries import projects as queries
from services.cases.queries.projects import PLAN_FILTERS
from services.cases.schemas import ProjectPlanSchema


class Plans:
    """What may be asked of project plans."""

    @command(loads=ProjectPlanSchema, dumps=ProjectPlanSchema, needs="plans:write")
    def create_plan(self, uow: UnitOfWork, data: dict[str, Any]) -> ProjectPlan:
        """Add a project plan; the first one is the default."""
        return commands.create_plan(uow, **data)

    @query(dumps=ProjectPlanSchema, needs="plans:read")
    def get_plan(self, uow: UnitOfWork, plan_id: UUID) -> ProjectPlan:
        """Show a project plan."""
        return uow.get(ProjectPlan, plan_id)

    @query(lists=ProjectPlanSchema, filters=PLAN_FILTERS, needs="plans:read")
    def list_plans(self, uow: UnitOfWork, page: PageRequest) -> Page[ProjectPlan]:
        """List project plans."""
        return queries.plans(uow, page)

    @command(patches=ProjectPlanSchema, dumps=ProjectPlanSchema, needs="plans:write")
    def update_plan(self, uow: UnitOfWork, plan_id: UUID, data: dict[str, Any]) -> ProjectPlan:
        """Change a project plan; projects that exist keep their tasks."""
        return commands.update_plan(uow, plan_id, data)

    @command(dumps=ProjectPlanSchema, needs="plans:write")
    def make_default_plan(self, uow: UnitOfWork, plan_id: UUID) -> ProjectPlan:
        """Have projects of won opportunities follow a plan."""
        return commands.make_default(uow, plan_id)

    @command(needs="plans:write")
    def delete_plan(self, uow: UnitOfWork, plan_id: UUID) -> None:
        """Delete a project plan that no project follows."""
        commands.delete_plan(uow, plan_id)
