"""Entrypoints about duplicates, files and jobs."""

from typing import Any
from uuid import UUID

from chassis.rpc import ANYONE, command, query
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.commands import duplicates, exports
from services.contacts.queries import exports as queries
from services.contacts.schemas import DuplicatePairSchema, ExportSchema, JobSchema


class Housekeeping:
    """What keeps the file clean, and takes data out of it."""

    @command(loads=DuplicatePairSchema, needs=ANYONE)
    def dismiss_duplicates(self, uow: UnitOfWork, data: dict[str, Any]) -> None:
        """Say that two contacts that look alike are two; it needs the right to change both."""
        duplicates.dismiss_duplicates(uow, **data)

    @command(loads=ExportSchema, dumps=JobSchema, needs="people:export")
    def export_people(self, uow: UnitOfWork, data: dict[str, Any]) -> dict[str, Any]:
        """Start a CSV file of the people that a filter tree describes."""
        return exports.start_export(uow, ContactKind.PERSON, data)

    @command(loads=ExportSchema, dumps=JobSchema, needs="companies:export")
    def export_companies(self, uow: UnitOfWork, data: dict[str, Any]) -> dict[str, Any]:
        """Start a CSV file of the companies that a filter tree describes."""
        return exports.start_export(uow, ContactKind.COMPANY, data)

    @query(dumps=JobSchema, needs=ANYONE)
    def get_job(self, uow: UnitOfWork, job_id: UUID) -> dict[str, Any]:
        """Show how far a job of the caller is, and where its file is once it is done."""
        return queries.card(queries.job(uow, job_id))

    @command(dumps=JobSchema, needs=ANYONE)
    def cancel_job(self, uow: UnitOfWork, job_id: UUID) -> dict[str, Any]:
        """Ask a job of the caller to stop."""
        return exports.cancel_job(uow, job_id)
