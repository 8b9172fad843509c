"""Entrypoints that make one case of several, and two of one."""

from typing import Any
from uuid import UUID

from chassis.rpc import command
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import merging as commands
from services.cases.domain.case import Case
from services.cases.schemas import CaseMergeSchema, CaseSchema, CaseSplitSchema


class Merging:
    """What may be asked of cases that are about the same, or about two things."""

    @command(loads=CaseMergeSchema, dumps=CaseSchema, needs="cases:write")
    def merge_cases(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> Case:
        """Have a case take up others; their ids and numbers lead to it, their clocks are cancelled."""
        return commands.merge_cases(uow, case_id, **data)

    @command(loads=CaseSplitSchema, dumps=CaseSchema, needs="cases:write")
    def split_case(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> Case:
        """Register a new case with some of what was said in this one."""
        return commands.split_case(uow, case_id, **data)
