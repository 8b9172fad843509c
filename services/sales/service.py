"""Entrypoints of the sales service: check, delegate, shape. They are grouped in ``operations``."""

from services.sales.operations.activities import Activities
from services.sales.operations.campaigns import Campaigns
from services.sales.operations.contacts import Contacts
from services.sales.operations.forecast import Forecasts
from services.sales.operations.housekeeping import Housekeeping
from services.sales.operations.leads import Leads
from services.sales.operations.opportunities import Opportunities
from services.sales.operations.pipelines import Pipelines
from services.sales.operations.quotes import Quotes


class SalesService(Campaigns, Leads, Opportunities, Quotes, Pipelines, Activities, Forecasts, Contacts, Housekeeping):
    """How somebody becomes a customer: campaigns, leads, opportunities, quotes, activities, and the forecast."""

    name = "sales"
