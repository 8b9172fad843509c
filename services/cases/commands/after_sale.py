"""What a sale sets off here: the project by which the service is rendered, and the case that follows it up."""

from typing import Final
from uuid import UUID

from chassis import settings as installation
from chassis.clock import utc_now
from chassis.translated import Translated
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import Channel, Direction
from contracts.sales import OpportunityWon
from services.cases.commands import cases as registering
from services.cases.commands.projects import open_project
from services.cases.domain.project import Project, ProjectState
from services.cases.domain.project_plan import ProjectPlan
from services.cases.queries import case_types, cases, projects

_SUBJECT: Final = Translated(es="Posventa: {name}", en="After-sale: {name}")
_LOST: Final = Translated(es="La oportunidad se perdió.", en="The opportunity was lost.")
_LONGEST_SUBJECT: Final = 255


def won(uow: UnitOfWork, sale: OpportunityWon, *, owner_id: UUID | None, group_id: UUID | None) -> None:
    """Open the project of a sale and the case that follows it up, once for each opportunity.

    Won again it finds its project; one that was cancelled before anybody had begun is planned again.
    """
    project = projects.of_opportunity(uow, sale.opportunity_id)
    if project is not None:
        if project.state is ProjectState.CANCELLED and project.started_at is None:
            project.reopen()
        return
    plan = projects.default_plan(uow)
    project = open_project(
        uow,
        plan,
        name=sale.name,
        person_id=sale.person_id,
        company_id=sale.company_id,
        opportunity_id=sale.opportunity_id,
        starts_on=sale.closed_on,
        owner_id=owner_id,
        group_id=group_id,
    )
    if plan is not None and plan.after_sale_type_id is not None:
        _follow_up(uow, project, plan, owner_id)


def lost(uow: UnitOfWork, opportunity_id: UUID) -> None:
    """Cancel the project of a sale that came to nothing after all, unless somebody has begun with it."""
    project = projects.of_opportunity(uow, opportunity_id)
    if project is not None and project.state is ProjectState.PLANNED:
        project.cancel(utc_now(), _LOST.in_(installation.load().default_locale))


def _follow_up(uow: UnitOfWork, project: Project, plan: ProjectPlan, owner_id: UUID | None) -> None:
    """Open the after-sale case, for whoever its type names or else the seller, who get its tasks.

    A type that takes no cases without a person to fill them in is left out: the customer is called all the same.
    """
    type_id = case_types.without_asking(uow, plan.after_sale_type_id)
    subject = _SUBJECT.in_(installation.load().default_locale).format(name=project.name)
    case = registering.create_case(
        uow,
        type_id=type_id,
        responsible_id=case_types.of_case(uow, type_id).responsible_id or owner_id,
        direction=Direction.OUTBOUND,
        reached=False,
        channel=Channel.PHONE,
        subject=subject[:_LONGEST_SUBJECT],
        person_id=project.person_id,
        company_id=project.company_id,
        project_id=project.id,
        group_id=project.group_id,
    )
    for task in cases.tasks_of(uow, case.id):
        task.assignee_id = task.assignee_id or case.owner_id
