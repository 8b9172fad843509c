"""The entrypoint of the report about service levels."""

from typing import Any

from chassis.rpc import query
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.compliance import Compliance
from services.cases.queries import compliance as queries
from services.cases.schemas.compliance import ComplianceParamsSchema, ComplianceSchema


class ServiceLevels:
    """What may be asked of service levels as a whole."""

    @query(dumps=ComplianceSchema, params=ComplianceParamsSchema, needs="cases:read")
    def sla_compliance(self, uow: UnitOfWork, params: dict[str, Any]) -> Compliance:
        """Show what share of the clocks that ended in a period was met in time, of the last 30 days unless said."""
        return queries.compliance(uow, **params)
