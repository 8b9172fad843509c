"""Entrypoints about background jobs."""

from typing import Any
from uuid import UUID

from chassis.rpc import ANYONE, command, query
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import running_jobs as commands
from services.cases.queries import running_jobs as queries
from services.cases.schemas import CasesJobSchema


class Housekeeping:
    """What may be asked of jobs."""

    @query(dumps=CasesJobSchema, needs=ANYONE)
    def get_job(self, uow: UnitOfWork, job_id: UUID) -> dict[str, Any]:
        """Show how far a job of the caller is, and how many clocks it moved."""
        return queries.job(uow, job_id)

    @command(dumps=CasesJobSchema, needs=ANYONE)
    def cancel_job(self, uow: UnitOfWork, job_id: UUID) -> dict[str, Any]:
        """Ask a job of the caller to stop."""
        return commands.cancel_job(uow, job_id)
