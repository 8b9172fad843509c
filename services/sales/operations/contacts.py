"""Entrypoints about contacts, which belong to another service."""

from typing import Any

from chassis import following
from chassis.rpc import query
from chassis.unit_of_work import UnitOfWork
from services.sales.schemas import OneContactSchema


class Contacts:
    """What may be asked of contacts."""

    @query(params=OneContactSchema, needs="people:delete")
    def contact_holdings(self, uow: UnitOfWork, params: dict[str, Any]) -> dict[str, int]:
        """Count the records that name a contact, by resource: what would move if it were merged into another."""
        return following.holdings(uow, params["contact_id"])
