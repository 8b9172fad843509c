"""Everything a user can do to project plans."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from chassis.words import Word
from services.cases.domain.case_type import CaseType
from services.cases.domain.project_plan import ProjectPlan
from services.cases.errors import DefaultPlanStays, StillUsed
from services.cases.queries import names, projects

_PROJECTS: Final = Word(es="proyectos", en="projects")


def create_plan(uow: UnitOfWork, **attributes: Any) -> ProjectPlan:
    """Add a plan; the first one is the default. Raises ``NameIsTaken``, ``UnknownReference``."""
    names.check_free(uow, ProjectPlan, attributes["name"])
    plan = ProjectPlan(**attributes)
    names.check_exists(uow, CaseType, plan.after_sale_type_id, "after_sale_type_id")
    plan.is_default = plan.active and projects.default_plan(uow) is None
    return uow.add(plan)


def update_plan(uow: UnitOfWork, plan_id: UUID, changes: Mapping[str, Any]) -> ProjectPlan:
    """Change a plan; projects that exist keep their tasks.

    Raises ``VersionConflict``, ``DefaultPlanStays`` and what creating one raises.
    """
    plan = uow.change(ProjectPlan, plan_id)
    if "name" in changes:
        names.check_free(uow, ProjectPlan, changes["name"], besides=plan_id)
    names.check_exists(uow, CaseType, changes.get("after_sale_type_id"), "after_sale_type_id")
    plan.apply(changes)
    if plan.is_default and not plan.active:
        raise DefaultPlanStays
    return plan


def make_default(uow: UnitOfWork, plan_id: UUID) -> ProjectPlan:
    """Have projects of won opportunities follow this plan from now on; one that was switched off is active again."""
    plan, before = uow.change(ProjectPlan, plan_id), projects.default_plan(uow)
    if before is not None and before is not plan:
        before.is_default = False
    plan.is_default = plan.active = True
    return plan


def delete_plan(uow: UnitOfWork, plan_id: UUID) -> None:
    """Delete a plan. Raises ``DefaultPlanStays`` for the default one, ``StillUsed`` while projects follow it."""
    plan = uow.change(ProjectPlan, plan_id)
    if plan.is_default:
        raise DefaultPlanStays
    if projects.follows_plan(uow, plan_id):
        raise StillUsed(users=_PROJECTS)
    uow.remove(plan)
