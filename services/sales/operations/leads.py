"""Entrypoints about leads and the rules that assign them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.errors import DomainError
from chassis.history import Change
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.sales.commands import leads as commands
from services.sales.commands import qualification, qualification_undo
from services.sales.commands.qualification import Asked
from services.sales.domain.assignment_rule import AssignmentRule
from services.sales.domain.lead import Lead
from services.sales.queries import leads as queries
from services.sales.queries.leads import LEAD_FILTERS, RULE_FILTERS
from services.sales.schemas import (
    AssignmentRuleSchema,
    AssignmentSchema,
    DisqualificationSchema,
    FieldChangeSchema,
    LeadSchema,
    QualificationSchema,
    TermsSchema,
)


class Leads:
    """What may be asked of leads."""

    @command(loads=LeadSchema, dumps=LeadSchema, needs="leads:write")
    def create_lead(self, uow: UnitOfWork, data: dict[str, Any]) -> Lead:
        """Add a lead; the rules assign it unless an owner is named."""
        return commands.create_lead(uow, **data)

    @command(loads=LeadSchema, dumps=LeadSchema, bulk=True, needs="leads:write")
    def bulk_create_leads(self, uow: UnitOfWork, data: dict[str, Any]) -> Lead:
        """Add up to 1,000 leads; each has a result of its own."""
        return commands.create_lead(uow, **data)

    @query(dumps=LeadSchema, needs="leads:read")
    def get_lead(self, uow: UnitOfWork, lead_id: UUID) -> Lead:
        """Show a lead."""
        return uow.get(Lead, lead_id)

    @query(lists=LeadSchema, filters=LEAD_FILTERS, needs="leads:read")
    def list_leads(self, uow: UnitOfWork, page: PageRequest) -> Page[Lead]:
        """List leads."""
        return queries.leads(uow, page)

    @query(lists=LeadSchema, filters=LEAD_FILTERS, searches=True, needs="leads:read")
    def search_leads(self, uow: UnitOfWork, page: PageRequest) -> Page[Lead]:
        """List the leads that a filter tree describes."""
        return queries.leads(uow, page)

    @command(patches=LeadSchema, dumps=LeadSchema, needs="leads:write")
    def update_lead(self, uow: UnitOfWork, lead_id: UUID, data: dict[str, Any]) -> Lead:
        """Change an open lead."""
        return commands.update_lead(uow, lead_id, data)

    @command(needs="leads:delete")
    def delete_lead(self, uow: UnitOfWork, lead_id: UUID) -> None:
        """Put a lead in the bin."""
        commands.delete_lead(uow, lead_id)

    @command(dumps=LeadSchema, needs="leads:delete")
    def restore_lead(self, uow: UnitOfWork, lead_id: UUID) -> Lead:
        """Take a lead out of the bin."""
        return commands.restore_lead(uow, lead_id)

    @command(loads=AssignmentSchema, dumps=LeadSchema, needs="leads:write")
    def assign_lead(self, uow: UnitOfWork, lead_id: UUID, data: dict[str, Any]) -> Lead:
        """Give a lead to somebody, or have the rules choose."""
        return commands.assign_lead(uow, lead_id, **data)

    @command(loads=DisqualificationSchema, dumps=LeadSchema, needs="leads:write")
    def disqualify_lead(self, uow: UnitOfWork, lead_id: UUID, data: dict[str, Any]) -> Lead:
        """Give a lead up for a reason of the catalogue, for good or until a day."""
        return commands.disqualify_lead(uow, lead_id, **data)

    @command(dumps=LeadSchema, needs="leads:write")
    def reopen_lead(self, uow: UnitOfWork, lead_id: UUID) -> Lead:
        """Open a lead again that was given up."""
        return commands.reopen_lead(uow, lead_id)

    @command(loads=TermsSchema, dumps=QualificationSchema, needs="leads:write", prepares=qualification.ask_contacts)
    def qualify_lead(self, uow: UnitOfWork, lead_id: UUID, data: dict[str, Any], prepared: Asked) -> Lead | DomainError:
        """Have a lead become an opportunity, part of one that is open, or none; 409 names each unmet precondition.

        Asked again it answers the same. While contacts is away the state is qualifying, and it completes by itself.
        """
        return qualification.qualify_lead(uow, lead_id, data, prepared)

    @command(dumps=LeadSchema, needs="leads:write")
    def undo_qualification(self, uow: UnitOfWork, lead_id: UUID) -> Lead:
        """Undo a qualification that was a mistake: the lead is open again, and the opportunity goes to the bin.

        For some minutes, while nobody touched the opportunity; 409 says until when it could be, or what was touched.
        What was put on file in contacts stays, and the lead names it.
        """
        return qualification_undo.undo_qualification(uow, lead_id)

    @query(dumps=FieldChangeSchema, many=True, needs="leads:read")
    def lead_history(self, uow: UnitOfWork, lead_id: UUID) -> Sequence[Change]:
        """Show who changed what of a lead, the latest 200 changes first."""
        return queries.field_changes(uow, lead_id)

    @command(loads=AssignmentRuleSchema, dumps=AssignmentRuleSchema, needs="assignment-rules:write")
    def create_assignment_rule(self, uow: UnitOfWork, data: dict[str, Any]) -> AssignmentRule:
        """Add a rule that assigns leads."""
        return commands.create_rule(uow, **data)

    @query(dumps=AssignmentRuleSchema, needs="assignment-rules:read")
    def get_assignment_rule(self, uow: UnitOfWork, rule_id: UUID) -> AssignmentRule:
        """Show a rule."""
        return uow.get(AssignmentRule, rule_id)

    @query(lists=AssignmentRuleSchema, filters=RULE_FILTERS, needs="assignment-rules:read")
    def list_assignment_rules(self, uow: UnitOfWork, page: PageRequest) -> Page[AssignmentRule]:
        """List the rules, in the order in which they are asked."""
        return queries.rules(uow, page)

    @command(patches=AssignmentRuleSchema, dumps=AssignmentRuleSchema, needs="assignment-rules:write")
    def update_assignment_rule(self, uow: UnitOfWork, rule_id: UUID, data: dict[str, Any]) -> AssignmentRule:
        """Change a rule, or switch it off."""
        return commands.update_rule(uow, rule_id, data)

    @command(needs="assignment-rules:write")
    def delete_assignment_rule(self, uow: UnitOfWork, rule_id: UUID) -> None:
        """Delete a rule."""
        commands.delete_rule(uow, rule_id)
