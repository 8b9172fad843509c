"""Entrypoints about what areas do when the customer of a case that is over writes again."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import reopening as commands
from services.cases.domain.reopening_rule import ReopeningRule
from services.cases.queries import reopening as queries
from services.cases.queries.reopening import REOPENING_FILTERS
from services.cases.schemas import ReopeningRuleSchema


class Reopening:
    """What may be asked of rules about reopening; who may change workflows may change them."""

    @command(loads=ReopeningRuleSchema, dumps=ReopeningRuleSchema, needs="workflows:write")
    def create_reopening_rule(self, uow: UnitOfWork, data: dict[str, Any]) -> ReopeningRule:
        """Say what an area does when the customer of a case that is over writes again."""
        return commands.create_rule(uow, **data)

    @query(dumps=ReopeningRuleSchema, needs="workflows:read")
    def get_reopening_rule(self, uow: UnitOfWork, rule_id: UUID) -> ReopeningRule:
        """Show a rule about reopening."""
        return uow.get(ReopeningRule, rule_id)

    @query(lists=ReopeningRuleSchema, filters=REOPENING_FILTERS, needs="workflows:read")
    def list_reopening_rules(self, uow: UnitOfWork, page: PageRequest) -> Page[ReopeningRule]:
        """List the rules about reopening."""
        return queries.rules(uow, page)

    @command(patches=ReopeningRuleSchema, dumps=ReopeningRuleSchema, needs="workflows:write")
    def update_reopening_rule(self, uow: UnitOfWork, rule_id: UUID, data: dict[str, Any]) -> ReopeningRule:
        """Change a rule about reopening."""
        return commands.update_rule(uow, rule_id, data)

    @command(needs="workflows:write")
    def delete_reopening_rule(self, uow: UnitOfWork, rule_id: UUID) -> None:
        """Delete a rule about reopening; the area goes by the rule for all others, or by the SLA policy."""
        commands.delete_rule(uow, rule_id)
