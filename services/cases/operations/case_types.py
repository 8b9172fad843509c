"""Entrypoints about case types and workflows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import case_types as commands
from services.cases.commands import type_versions, workflows
from services.cases.domain.case_type import CaseType
from services.cases.domain.precondition import Unmet
from services.cases.domain.type_version import Propagation, TypePreview, TypeVersionCard
from services.cases.domain.workflow import Workflow
from services.cases.queries import case_types as queries
from services.cases.queries import preconditions
from services.cases.queries import type_versions as type_queries
from services.cases.queries.case_types import TYPE_FILTERS, WORKFLOW_FILTERS
from services.cases.schemas import (
    CaseTypeSchema,
    PropagateSchema,
    PropagationSchema,
    TypeChangesSchema,
    TypePreviewSchema,
    TypeVersionSchema,
    UnmetSchema,
    WorkflowSchema,
)


class Types:
    """What may be asked of case types and workflows."""

    @command(loads=CaseTypeSchema, dumps=CaseTypeSchema, needs="case-types:write")
    def create_case_type(self, uow: UnitOfWork, data: dict[str, Any]) -> CaseType:
        """Add a type to the tree."""
        return commands.create_type(uow, **data)

    @query(dumps=CaseTypeSchema, needs="case-types:read")
    def get_case_type(self, uow: UnitOfWork, case_type_id: UUID) -> CaseType:
        """Show a type and what holds for it, inherited values included."""
        return queries.case_type(uow, case_type_id)

    @query(lists=CaseTypeSchema, filters=TYPE_FILTERS, needs="case-types:read")
    def list_case_types(self, uow: UnitOfWork, page: PageRequest) -> Page[CaseType]:
        """List types; ``parent_id`` gives one branch of the tree."""
        return queries.case_types(uow, page)

    @command(patches=CaseTypeSchema, dumps=CaseTypeSchema, needs="case-types:write")
    def update_case_type(self, uow: UnitOfWork, case_type_id: UUID, data: dict[str, Any]) -> CaseType:
        """Change a type or move it in the tree; the types below follow."""
        return commands.update_type(uow, case_type_id, data)

    @command(needs="case-types:write")
    def delete_case_type(self, uow: UnitOfWork, case_type_id: UUID) -> None:
        """Delete a type that has none below it."""
        commands.delete_type(uow, case_type_id)

    @query(loads=TypeChangesSchema, dumps=TypePreviewSchema, needs="case-types:write")
    def preview_case_type(self, uow: UnitOfWork, case_type_id: UUID, data: dict[str, Any]) -> TypePreview:
        """Show what a change of a type would come to: types and open cases affected, types that say otherwise."""
        return type_queries.preview(uow, case_type_id, data)

    @command(loads=PropagateSchema, dumps=PropagationSchema, needs="case-types:write")
    def propagate_case_type(self, uow: UnitOfWork, case_type_id: UUID, data: dict[str, Any]) -> Propagation:
        """Have types below, open cases, or both follow a type."""
        return type_versions.propagate(uow, case_type_id, **data)

    @query(dumps=TypeVersionSchema, many=True, needs="case-types:read")
    def list_case_type_versions(self, uow: UnitOfWork, case_type_id: UUID) -> Sequence[TypeVersionCard]:
        """List the versions of a type, the latest first, and how many open cases keep to each."""
        return type_queries.versions(uow, case_type_id)

    @command(loads=WorkflowSchema, dumps=WorkflowSchema, needs="workflows:write")
    def create_workflow(self, uow: UnitOfWork, data: dict[str, Any]) -> Workflow:
        """Add a workflow; the first one is the default."""
        return workflows.create_workflow(uow, **data)

    @query(dumps=WorkflowSchema, needs="workflows:read")
    def get_workflow(self, uow: UnitOfWork, workflow_id: UUID) -> Workflow:
        """Show a workflow."""
        return uow.get(Workflow, workflow_id)

    @query(lists=WorkflowSchema, filters=WORKFLOW_FILTERS, needs="workflows:read")
    def list_workflows(self, uow: UnitOfWork, page: PageRequest) -> Page[Workflow]:
        """List workflows."""
        return queries.workflows(uow, page)

    @query(dumps=UnmetSchema, many=True, needs="workflows:read")
    def list_preconditions(self, uow: UnitOfWork) -> Sequence[Unmet]:
        """List the preconditions that transitions may name."""
        return preconditions.catalogue(uow)

    @command(patches=WorkflowSchema, dumps=WorkflowSchema, needs="workflows:write")
    def update_workflow(self, uow: UnitOfWork, workflow_id: UUID, data: dict[str, Any]) -> Workflow:
        """Change a workflow."""
        return workflows.update_workflow(uow, workflow_id, data)

    @command(dumps=WorkflowSchema, needs="workflows:write")
    def make_default_workflow(self, uow: UnitOfWork, workflow_id: UUID) -> Workflow:
        """Have a workflow hold for types that name none."""
        return workflows.make_default(uow, workflow_id)

    @command(needs="workflows:write")
    def delete_workflow(self, uow: UnitOfWork, workflow_id: UUID) -> None:
        """Delete a workflow that no type names."""
        workflows.delete_workflow(uow, workflow_id)
