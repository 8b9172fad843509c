"""The public shapes of the report about service levels."""

from chassis.field_kinds_exact import ChoiceField, IdField, InstantField
from chassis.schema import StrictSchema, shape_for
from services.cases.domain.compliance import Compliance, Dimension
from services.cases.domain.priority import Priority
from services.cases.domain.sla_clock import Metric

ComplianceSchema = shape_for(Compliance)


class ComplianceParamsSchema(StrictSchema):
    """Which clocks are counted, and by what the figures are split."""

    since = InstantField()
    until = InstantField()
    by = ChoiceField(Dimension)
    metric = ChoiceField(Metric)
    priority = ChoiceField(Priority)
    policy_id = IdField()
    type_id = IdField()
    group_id = IdField()
    responsible_id = IdField()
    resolver_id = IdField()
    company_id = IdField()
