"""Entrypoints about who works where."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.contacts.commands import employments as commands
from services.contacts.domain.employment import Employment
from services.contacts.queries import employments as queries
from services.contacts.queries.employments import EMPLOYMENT_FILTERS
from services.contacts.schemas import EmploymentChangeSchema, EmploymentSchema


class Employments:
    """What may be asked of employments; they belong to the person."""

    @command(loads=EmploymentSchema, dumps=EmploymentSchema, needs="people:write")
    def create_employment(self, uow: UnitOfWork, data: dict[str, Any]) -> Employment:
        """Have a person work for a company."""
        return commands.start_employment(uow, **data)

    @query(dumps=EmploymentSchema, needs="people:read")
    def get_employment(self, uow: UnitOfWork, employment_id: UUID) -> Employment:
        """Show an employment."""
        return queries.employment(uow, employment_id)

    @query(lists=EmploymentSchema, filters=EMPLOYMENT_FILTERS, needs="people:read")
    def list_employments(self, uow: UnitOfWork, page: PageRequest) -> Page[Employment]:
        """List who works, or worked, where."""
        return queries.employments(uow, page)

    @command(patches=EmploymentChangeSchema, dumps=EmploymentSchema, needs="people:write")
    def update_employment(self, uow: UnitOfWork, employment_id: UUID, data: dict[str, Any]) -> Employment:
        """Change role, department or dates; a last day ends the employment."""
        return commands.change_employment(uow, employment_id, data)

    @command(dumps=EmploymentSchema, needs="people:write")
    def end_employment(self, uow: UnitOfWork, employment_id: UUID) -> Employment:
        """End an employment today; it stays as history."""
        return commands.end_employment(uow, employment_id)
