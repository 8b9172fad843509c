"""Entrypoints about background jobs."""

from typing import Any
from uuid import UUID

from chassis.rpc import ANYONE, command, query
from chassis.unit_of_work import UnitOfWork
from services.sales.commands import running_jobs as commands
from services.sales.queries import running_jobs as queries
from services.sales.schemas import SalesJobSchema


class Housekeeping:
    """What may be asked of jobs."""

    @query(dumps=SalesJobSchema, needs=ANYONE)
    def get_job(self, uow: UnitOfWork, job_id: UUID) -> dict[str, Any]:
        """Show how far a job of the caller is, and how many members a campaign got."""
        return queries.job(uow, job_id)

    @command(dumps=SalesJobSchema, needs=ANYONE)
    def cancel_job(self, uow: UnitOfWork, job_id: UUID) -> dict[str, Any]:
        """Ask a job of the caller to stop."""
        return commands.cancel_job(uow, job_id)
