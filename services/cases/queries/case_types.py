"""Questions about the tree of case types and about workflows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from chassis.words import Bilingual, Word
from services.cases.domain.case import Case
from services.cases.domain.case_type import CaseType, EffectiveType, effective
from services.cases.domain.project_plan import ProjectPlan
from services.cases.domain.workflow import Workflow
from services.cases.errors import TypeIsNotALeaf, TypeIsSwitchedOff, UnknownReference
from services.cases.queries import rules

TYPE_FILTERS = filters_for(CaseType, default_sort=("slug",))
WORKFLOW_FILTERS = filters_for(Workflow, default_sort=("name",))
_CASES: Final = Word(es="casos", en="cases")


def case_types(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of types, each with what holds for it."""
    found = page.apply(sa.select(CaseType), uow.session)
    above = {id_ for each in found.items for id_ in each.ancestor_ids}
    known = _by_id(uow, above) if above else {}
    for each in found.items:
        show_effective(each, [known[id_] for id_ in each.ancestor_ids])
    return found


def case_type(uow: UnitOfWork, type_id: UUID) -> CaseType:
    """Return a type with what holds for it. Raises ``NotFound``."""
    found = uow.get(CaseType, type_id)
    return show_effective(found, ancestors(uow, found))


def ancestors(uow: UnitOfWork, found: CaseType) -> list[CaseType]:
    """Return the types above one, from the root down."""
    if not found.ancestor_ids:
        return []
    known = _by_id(uow, found.ancestor_ids)
    return [known[id_] for id_ in found.ancestor_ids]


def show_effective(found: CaseType, above: Sequence[CaseType]) -> CaseType:
    """Give a type what holds for it, for the answer."""
    found.__dict__["effective"] = effective([*above, found])
    return found


def for_new_case(uow: UnitOfWork, type_id: UUID) -> EffectiveType:
    """Return what holds for a type that a case may have.

    Raises ``UnknownReference``, ``TypeIsSwitchedOff``, ``TypeIsNotALeaf``.
    """
    known = rules.current(uow)
    found = known.types.get(type_id)
    if found is None:
        raise UnknownReference("type_id")
    name = found.name.in_(uow.call.locale)
    if not found.active:
        raise TypeIsSwitchedOff(name=name)
    if type_id in known.branches:
        raise TypeIsNotALeaf(name=name)
    return known.effective(type_id)


def without_asking(uow: UnitOfWork, type_id: UUID | None) -> UUID | None:
    """Return the type where a program may open a case of it, which no person is there to fill in; otherwise none."""
    known = rules.current(uow)
    found = None if type_id is None else known.types.get(type_id)
    if found is None or not found.active or found.id in known.branches:
        return None
    return None if any(field.required for field in known.effective(found.id).fields) else found.id


def of_case(uow: UnitOfWork, type_id: UUID | None) -> EffectiveType:
    """Return what holds for the type of a case that exists."""
    return rules.current(uow).effective(type_id)


def below(uow: UnitOfWork, type_id: UUID) -> list[CaseType]:
    """Return all types below one."""
    return [each for each in uow.session.scalars(sa.select(CaseType)) if type_id in each.ancestor_ids]


def workflows(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of workflows."""
    return page.apply(sa.select(Workflow), uow.session)


def default_workflow(uow: UnitOfWork) -> Workflow | None:
    """Return the workflow of types that name none."""
    return uow.session.scalars(sa.select(Workflow).where(Workflow.is_default.is_(True))).first()


def users_of_workflow(uow: UnitOfWork, workflow_id: UUID) -> list[str | Bilingual]:
    """Return who needs a workflow: types by their slugs, and cases."""
    return _users(uow, CaseType.workflow_id == workflow_id, Case.workflow_id == workflow_id)


def is_anywhere(uow: UnitOfWork, workflow_id: UUID, state: str) -> bool:
    """Whether a case of a workflow is in a state."""
    there = sa.exists().where(Case.workflow_id == workflow_id, Case.state == state)
    return bool(uow.session.scalar(sa.select(there)))


def users_of_type(uow: UnitOfWork, type_id: UUID) -> list[str | Bilingual]:
    """Return who needs a type: types below it by their slugs, cases, and plans by their names."""
    plans = sa.select(ProjectPlan.name).where(ProjectPlan.after_sale_type_id == type_id).order_by(ProjectPlan.name)
    return [*_users(uow, CaseType.parent_id == type_id, Case.type_id == type_id), *uow.session.scalars(plans)]


def users_of_policy(uow: UnitOfWork, policy_id: UUID) -> list[str | Bilingual]:
    """Return the types that name a policy."""
    return _users(uow, CaseType.sla_policy_id == policy_id, None)


def _users(
    uow: UnitOfWork, types: "sa.ColumnElement[bool]", cases: "sa.ColumnElement[bool] | None"
) -> list[str | Bilingual]:
    slugs = uow.session.scalars(sa.select(CaseType.slug).where(types).order_by(CaseType.slug))
    users: list[str | Bilingual] = list(slugs)
    if cases is not None and uow.session.scalar(sa.select(sa.exists().where(cases))):
        users.append(_CASES)
    return users


def _by_id(uow: UnitOfWork, ids: "set[UUID] | Sequence[UUID]") -> Mapping[UUID, CaseType]:
    found = uow.session.scalars(sa.select(CaseType).where(CaseType.id.in_(sorted(ids))))
    return {each.id: each for each in found}
