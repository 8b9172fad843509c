"""Entrypoints of the contacts service: check, delegate, shape. They are grouped in ``operations``."""

from services.contacts.operations.catalogues import Catalogues
from services.contacts.operations.companies import Companies
from services.contacts.operations.consents import Consents
from services.contacts.operations.customers import Customers
from services.contacts.operations.employments import Employments
from services.contacts.operations.housekeeping import Housekeeping
from services.contacts.operations.interactions import Interactions
from services.contacts.operations.merging import Merging
from services.contacts.operations.people import People
from services.contacts.operations.prospects import Prospects
from services.contacts.operations.relations import Relations
from services.contacts.operations.segments import Segments


class ContactsService(
    People,
    Companies,
    Employments,
    Relations,
    Interactions,
    Segments,
    Consents,
    Catalogues,
    Customers,
    Merging,
    Prospects,
    Housekeeping,
):
    """People and companies, how they belong together, and what happened with them."""

    name = "contacts"
