"""Stopping background work."""

from typing import Any
from uuid import UUID

from chassis import jobs
from chassis.unit_of_work import UnitOfWork
from services.sales.queries import running_jobs


def cancel_job(uow: UnitOfWork, job_id: UUID) -> dict[str, Any]:
    """Ask a job of the caller to stop. Raises ``NotFound``, ``JobHasEnded``."""
    running_jobs.job(uow, job_id)
    jobs.cancel(uow.session, uow.metadata, job_id)
    return running_jobs.job(uow, job_id)
