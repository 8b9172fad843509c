"""Asking for files with people or companies."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis import jobs
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_kinds import CLASS_OF
from services.contacts.queries import exports


def start_export(uow: UnitOfWork, kind: ContactKind, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Start writing a CSV file of the contacts that a filter tree describes; the job's result links to it.

    Raises ``ValidationFailed`` for a filter that makes no sense.
    """
    exports.check(uow, kind, wanted)
    id_ = uow.start_job(f"export-{CLASS_OF[kind].resource}", dict(wanted))
    return exports.card(jobs.read(uow.session, uow.metadata, id_))


def cancel_job(uow: UnitOfWork, job_id: UUID) -> dict[str, Any]:
    """Ask a job to stop. Raises ``NotFound`` for somebody else's, ``JobHasEnded``."""
    exports.job(uow, job_id)
    return exports.card(jobs.cancel(uow.session, uow.metadata, job_id))
