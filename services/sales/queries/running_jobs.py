"""How far background work has come."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from chassis import jobs
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork


def job(uow: UnitOfWork, job_id: UUID) -> dict[str, Any]:
    """Return a job of the caller as it stands. Raises ``NotFound``, for somebody else's as well."""
    found = jobs.read(uow.session, uow.metadata, job_id)
    if found.requested_by != uow.actor.user_id:
        raise NotFound(resource="jobs", id=str(job_id))
    result = found.result or {}
    return {**asdict(found), **{name: result.get(name) for name in ("added", "already_members", "excluded")}}
