"""Entrypoints about cases: registering, showing, changing, passing on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.history import Change
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import cases as commands
from services.cases.commands import work
from services.cases.domain.cards import Account, Actions, ClockCard
from services.cases.domain.case import Case
from services.cases.queries import cases as queries
from services.cases.queries import field_log
from services.cases.queries.cases import CASE_FILTERS
from services.cases.schemas import (
    AccountSchema,
    ActionsSchema,
    AssignmentSchema,
    CaseRowSchema,
    CaseSchema,
    ClockCardSchema,
    EscalationSchema,
    FieldChangeSchema,
    NewCaseSchema,
    TransitionSchema,
)


class Cases:
    """What may be asked of cases."""

    @command(loads=NewCaseSchema, dumps=CaseSchema, needs="cases:write")
    def create_case(self, uow: UnitOfWork, data: dict[str, Any]) -> Case:
        """Register a case with the defaults, tasks and clocks that its type brings."""
        return commands.create_case(uow, **data)

    @command(loads=NewCaseSchema, dumps=CaseSchema, bulk=True, needs="cases:write")
    def bulk_create_cases(self, uow: UnitOfWork, data: dict[str, Any]) -> Case:
        """Register up to 1,000 cases; each has a result of its own."""
        return commands.create_case(uow, **data)

    @query(dumps=CaseSchema, needs="cases:read")
    def get_case(self, uow: UnitOfWork, case_id: UUID) -> Case:
        """Show a case with its tasks and its clocks as they stand now."""
        return queries.case(uow, case_id)

    @query(lists=CaseRowSchema, filters=CASE_FILTERS, needs="cases:read")
    def list_cases(self, uow: UnitOfWork, page: PageRequest) -> Page[Case]:
        """List cases; sorted by ``next_due_at`` the most urgent come first."""
        return queries.cases(uow, page)

    @query(lists=CaseRowSchema, filters=CASE_FILTERS, searches=True, needs="cases:read")
    def search_cases(self, uow: UnitOfWork, page: PageRequest) -> Page[Case]:
        """List the cases that a filter tree describes."""
        return queries.cases(uow, page)

    @command(patches=CaseSchema, dumps=CaseSchema, needs="cases:write")
    def update_case(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> Case:
        """Change a case; another priority, type or company may promise something else."""
        return commands.update_case(uow, case_id, data)

    @query(dumps=FieldChangeSchema, many=True, needs="cases:read")
    def case_history(self, uow: UnitOfWork, case_id: UUID) -> Sequence[Change]:
        """Show who changed which field of a case, the latest 200 changes first."""
        return field_log.changes_of(uow, Case, case_id)

    @query(dumps=ActionsSchema, needs="cases:read")
    def list_case_actions(self, uow: UnitOfWork, case_id: UUID) -> Actions:
        """Show what the caller may do now with a case, and which preconditions are unmet."""
        return queries.actions(uow, case_id)

    @command(loads=TransitionSchema, dumps=CaseSchema, needs="cases:write")
    def transition_case(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> Case:
        """Take a case to another state; answers the case that follows where it is too late to reopen this one."""
        return work.transition_case(uow, case_id, **data)

    @command(loads=AssignmentSchema, dumps=CaseSchema, needs="cases:write")
    def assign_case(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> Case:
        """Say who is responsible for a case, who resolves it, and which group has it."""
        return work.assign_case(uow, case_id, **data)

    @command(loads=EscalationSchema, dumps=CaseSchema, needs="cases:write")
    def escalate_case(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> Case:
        """Pass the work on to the next level; who is responsible stays, and so do the clocks."""
        return work.escalate_case(uow, case_id, **data)

    @query(dumps=ClockCardSchema, many=True, needs="cases:read")
    def list_case_clocks(self, uow: UnitOfWork, case_id: UUID) -> Sequence[ClockCard]:
        """Show the clocks of a case as they stand now."""
        return queries.sla(uow, case_id)

    @query(dumps=AccountSchema, many=True, needs="cases:read")
    def explain_case_clocks(self, uow: UnitOfWork, case_id: UUID) -> Sequence[Account]:
        """Account for every minute of each clock of a case: what counted, what did not, and why."""
        return queries.sla_explained(uow, case_id)
