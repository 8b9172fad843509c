"""Entrypoints of the sales service: check, delegate, shape. They are grouped in ``operations``."""

from services.sales.operations.opportunities import Opportunities
from services.sales.operations.pipelines import Pipelines


class SalesService(Pipelines, Opportunities):
    """How somebody becomes a customer: opportunities in their pipelines."""

    name = "sales"
