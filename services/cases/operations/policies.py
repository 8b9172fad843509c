"""Entrypoints about SLA policies."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import policies as commands
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.queries import policies as queries
from services.cases.queries.policies import POLICY_FILTERS
from services.cases.schemas import SlaPolicySchema


class Policies:
    """What may be asked of SLA policies."""

    @command(loads=SlaPolicySchema, dumps=SlaPolicySchema, needs="sla-policies:write")
    def create_sla_policy(self, uow: UnitOfWork, data: dict[str, Any]) -> SlaPolicy:
        """Add an SLA policy."""
        return commands.create_policy(uow, **data)

    @query(dumps=SlaPolicySchema, needs="sla-policies:read")
    def get_sla_policy(self, uow: UnitOfWork, policy_id: UUID) -> SlaPolicy:
        """Show an SLA policy."""
        return uow.get(SlaPolicy, policy_id)

    @query(lists=SlaPolicySchema, filters=POLICY_FILTERS, needs="sla-policies:read")
    def list_sla_policies(self, uow: UnitOfWork, page: PageRequest) -> Page[SlaPolicy]:
        """List SLA policies in their order."""
        return queries.policies(uow, page)

    @command(patches=SlaPolicySchema, dumps=SlaPolicySchema, needs="sla-policies:write")
    def update_sla_policy(self, uow: UnitOfWork, policy_id: UUID, data: dict[str, Any]) -> SlaPolicy:
        """Change an SLA policy; other terms are a new version of it."""
        return commands.update_policy(uow, policy_id, data)

    @command(needs="sla-policies:write")
    def delete_sla_policy(self, uow: UnitOfWork, policy_id: UUID) -> None:
        """Delete an SLA policy; cases keep the terms they were promised."""
        commands.delete_policy(uow, policy_id)
