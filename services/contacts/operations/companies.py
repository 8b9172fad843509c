"""Entrypoints about companies."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.history import Change
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from chassis.views import Seen
from contracts.contacts import ContactKind
from services.contacts.commands import companies as commands
from services.contacts.commands import interests as interest_commands
from services.contacts.commands import relations as relation_commands
from services.contacts.domain.company import Company
from services.contacts.domain.interest import ContactInterest
from services.contacts.domain.relation_view import RelationView
from services.contacts.domain.timeline_entry import TimelineEntry
from services.contacts.queries import companies as queries
from services.contacts.queries import field_log, interests, relations, timeline
from services.contacts.queries.companies import COMPANY_FILTERS
from services.contacts.queries.timeline import TIMELINE_FILTERS
from services.contacts.schemas import (
    CompanySchema,
    ContactInterestSchema,
    DuplicateMatchSchema,
    FieldChangeSchema,
    InterestValuesSchema,
    NewCompanySchema,
    NewRelationSchema,
    RelationViewSchema,
    TimelineEntrySchema,
)

KIND = ContactKind.COMPANY


class Companies:
    """What may be asked of companies."""

    @command(loads=NewCompanySchema, dumps=CompanySchema, needs="companies:write")
    def create_company(self, uow: UnitOfWork, data: dict[str, Any]) -> Company:
        """Put a company on file; 409 with the matches where it may already be."""
        return commands.create_company(uow, **data)

    @command(loads=NewCompanySchema, dumps=CompanySchema, bulk=True, needs="companies:write")
    def bulk_create_companies(self, uow: UnitOfWork, data: dict[str, Any]) -> Company:
        """Put up to 1,000 companies on file; each has a result of its own."""
        return commands.create_company(uow, **data)

    @query(dumps=CompanySchema, needs="companies:read")
    def get_company(self, uow: UnitOfWork, company_id: UUID) -> Seen:
        """Show a company."""
        return queries.company(uow, company_id)

    @query(lists=CompanySchema, filters=COMPANY_FILTERS, needs="companies:read")
    def list_companies(self, uow: UnitOfWork, page: PageRequest) -> Page[Seen]:
        """List companies."""
        return queries.companies(uow, page)

    @query(lists=CompanySchema, filters=COMPANY_FILTERS, searches=True, needs="companies:read")
    def search_companies(self, uow: UnitOfWork, page: PageRequest) -> Page[Seen]:
        """List the companies that a filter tree describes."""
        return queries.companies(uow, page)

    @command(patches=CompanySchema, dumps=CompanySchema, needs="companies:write")
    def update_company(self, uow: UnitOfWork, company_id: UUID, data: dict[str, Any]) -> Company:
        """Change a company."""
        return commands.update_company(uow, company_id, data)

    @command(needs="companies:delete")
    def delete_company(self, uow: UnitOfWork, company_id: UUID) -> None:
        """Put a company in the bin."""
        commands.delete_company(uow, company_id)

    @command(dumps=CompanySchema, needs="companies:delete")
    def restore_company(self, uow: UnitOfWork, company_id: UUID) -> Company:
        """Take a company out of the bin."""
        return commands.restore_company(uow, company_id)

    @query(dumps=FieldChangeSchema, many=True, needs="companies:read")
    def company_history(self, uow: UnitOfWork, company_id: UUID) -> Sequence[Change]:
        """Show who changed which field of a company, the latest 200 changes first."""
        return field_log.changes_of(uow, Company, company_id)

    @query(dumps=DuplicateMatchSchema, many=True, needs="companies:read")
    def list_company_duplicates(self, uow: UnitOfWork, company_id: UUID) -> Sequence[dict[str, object]]:
        """Show who may be the same company."""
        return queries.duplicates_of_company(uow, company_id)

    @query(lists=TimelineEntrySchema, filters=TIMELINE_FILTERS, needs="companies:read")
    def list_company_timeline(self, uow: UnitOfWork, company_id: UUID, page: PageRequest) -> Page[TimelineEntry]:
        """Show what happened with a company, in all services, the latest first."""
        return timeline.timeline(uow, KIND, company_id, page)

    @query(dumps=RelationViewSchema, many=True, needs="relations:read")
    def list_company_relations(self, uow: UnitOfWork, company_id: UUID) -> Sequence[RelationView]:
        """Show how a company belongs together with others, ended relations last."""
        return relations.relations_of(uow, KIND, company_id)

    @command(loads=NewRelationSchema, dumps=RelationViewSchema, needs="relations:write")
    def add_company_relation(self, uow: UnitOfWork, company_id: UUID, data: dict[str, Any]) -> RelationView:
        """Relate a company with another contact."""
        return relation_commands.add_relation(uow, KIND, company_id, **data)

    @query(dumps=ContactInterestSchema, many=True, needs="interests:read")
    def list_company_interests(self, uow: UnitOfWork, company_id: UUID) -> Sequence[ContactInterest]:
        """Show what a company is interested in, the strongest first."""
        return interests.interests_of(uow, KIND, company_id)

    @command(loads=InterestValuesSchema, dumps=ContactInterestSchema, needs="companies:write")
    def set_company_interest(
        self, uow: UnitOfWork, company_id: UUID, interest_id: UUID, data: dict[str, Any]
    ) -> ContactInterest:
        """Register what a company is interested in, or how much."""
        return interest_commands.set_interest(uow, KIND, company_id, interest_id, data)

    @command(needs="companies:write")
    def remove_company_interest(self, uow: UnitOfWork, company_id: UUID, interest_id: UUID) -> None:
        """Forget an interest of a company."""
        interest_commands.remove_interest(uow, KIND, company_id, interest_id)
