"""Everything a user can do to workflows."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from chassis.words import Word, listed
from services.cases.domain.workflow import Workflow
from services.cases.errors import StateIsInUse, StillUsed
from services.cases.queries import case_types, names, rules

_DEFAULT: Final = Word(es="quien no nombra ninguno", en="whoever names none")


def create_workflow(uow: UnitOfWork, **attributes: Any) -> Workflow:
    """Add a workflow; the first one is the default. Raises ``NameIsTaken``, ``WorkflowIsIncomplete``."""
    rules.changed(uow)
    names.check_free(uow, Workflow, attributes["name"])
    workflow = Workflow(**attributes)
    workflow.check()
    workflow.is_default = case_types.default_workflow(uow) is None
    return uow.add(workflow)


def update_workflow(uow: UnitOfWork, workflow_id: UUID, changes: Mapping[str, Any]) -> Workflow:
    """Change a workflow. Raises ``VersionConflict``, ``NameIsTaken``, ``WorkflowIsIncomplete``, ``StateIsInUse``."""
    rules.changed(uow)
    workflow = uow.change(Workflow, workflow_id)
    if "name" in changes:
        names.check_free(uow, Workflow, changes["name"], besides=workflow_id)
    before = list(workflow.states)
    workflow.apply(changes)
    workflow.check()
    kept = {state.key for state in workflow.states}
    for state in before:
        if state.key not in kept and case_types.is_anywhere(uow, workflow_id, state.key):
            raise StateIsInUse(name=state.name)
    return workflow


def make_default(uow: UnitOfWork, workflow_id: UUID) -> Workflow:
    """Have a workflow hold for types that name none; cases that exist stay with theirs."""
    rules.changed(uow)
    workflow = uow.change(Workflow, workflow_id)
    before = case_types.default_workflow(uow)
    if before is not None and before is not workflow:
        before.is_default = False
    workflow.is_default = True
    return workflow


def delete_workflow(uow: UnitOfWork, workflow_id: UUID) -> None:
    """Delete a workflow. Raises ``StillUsed`` for the default one and while types or cases follow it."""
    rules.changed(uow)
    workflow = uow.change(Workflow, workflow_id)
    users = case_types.users_of_workflow(uow, workflow_id)
    if workflow.is_default:
        users.append(_DEFAULT)
    if users:
        raise StillUsed(users=listed(users))
    uow.remove(workflow)
