"""Everything a user can do to the tree of case types."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from chassis.words import listed
from services.cases.commands import type_versions
from services.cases.domain.case_type import CaseType
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.domain.workflow import Workflow
from services.cases.errors import StillUsed, TreeIsTooDeep, TypeIsItsOwnAncestor, UnknownReference
from services.cases.queries import case_types, names, rules

MOST_LEVELS: Final = 10


def create_type(uow: UnitOfWork, **attributes: Any) -> CaseType:
    """Add a type to the tree. Raises ``NameIsTaken``, ``UnknownReference``, ``TreeIsTooDeep``."""
    rules.changed(uow)
    names.check_free(uow, CaseType, attributes["slug"], by="slug")
    case_type = CaseType(**attributes)
    _place(uow, case_type)
    _check_references(uow, case_type)
    type_versions.settle(uow, case_type)
    uow.add(case_type)
    return case_types.show_effective(case_type, case_types.ancestors(uow, case_type))


def update_type(uow: UnitOfWork, type_id: UUID, changes: Mapping[str, Any]) -> CaseType:
    """Change a type, or move it with all below it; cases that are born from now on follow, open ones where told to.

    Raises ``VersionConflict``, ``TypeIsItsOwnAncestor`` and what creating one raises.
    """
    rules.changed(uow)
    case_type = uow.change(CaseType, type_id)
    if "slug" in changes:
        names.check_free(uow, CaseType, changes["slug"], besides=type_id, by="slug")
    before = case_type.parent_id
    # One change is one version: nothing is written before all of it is known.
    with uow.session.no_autoflush:
        case_type.apply(changes)
        if case_type.parent_id != before:
            _move(uow, case_type)
        _check_references(uow, case_type)
        type_versions.settle(uow, case_type)
    return case_types.show_effective(case_type, case_types.ancestors(uow, case_type))


def delete_type(uow: UnitOfWork, type_id: UUID) -> None:
    """Delete a type. Raises ``StillUsed`` while it has types below it, or cases."""
    rules.changed(uow)
    case_type = uow.change(CaseType, type_id)
    if users := case_types.users_of_type(uow, type_id):
        raise StillUsed(users=listed(users))
    uow.remove(case_type)


def _move(uow: UnitOfWork, case_type: CaseType) -> None:
    moved = case_types.below(uow, case_type.id)
    _place(uow, case_type)
    for each in moved:
        depth = each.ancestor_ids.index(case_type.id)
        each.ancestor_ids = [*case_type.ancestor_ids, *each.ancestor_ids[depth:]]
        _check_depth(each)


def _place(uow: UnitOfWork, case_type: CaseType) -> None:
    if case_type.parent_id is None:
        case_type.ancestor_ids = []
        return
    parent = uow.session.get(CaseType, case_type.parent_id)
    if parent is None:
        raise UnknownReference("parent_id")
    case_type.ancestor_ids = [*parent.ancestor_ids, parent.id]
    if case_type.id in case_type.ancestor_ids:
        raise TypeIsItsOwnAncestor
    _check_depth(case_type)


def _check_depth(case_type: CaseType) -> None:
    if len(case_type.ancestor_ids) >= MOST_LEVELS:
        raise TreeIsTooDeep(most=MOST_LEVELS)


def _check_references(uow: UnitOfWork, case_type: CaseType) -> None:
    names.check_exists(uow, Workflow, case_type.workflow_id, "workflow_id")
    names.check_exists(uow, SlaPolicy, case_type.sla_policy_id, "sla_policy_id")
