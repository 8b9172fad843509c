"""Entrypoints of the sales service: check, delegate, shape. They are grouped in ``operations``."""

from services.sales.operations.activities import Activities
from services.sales.operations.campaigns import Campaigns
from services.sales.operations.leads import Leads
from services.sales.operations.opportunities import Opportunities
from services.sales.operations.pipelines import Pipelines


class SalesService(Campaigns, Leads, Opportunities, Pipelines, Activities):
    """How somebody becomes a customer: campaigns, leads, opportunities in their pipelines, activities."""

    name = "sales"
