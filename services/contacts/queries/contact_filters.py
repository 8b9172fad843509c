"""What each kind of contact may be filtered by."""

from collections.abc import Mapping
from typing import Final

from chassis.db.filters import Filters
from contracts.contacts import ContactKind
from services.contacts.queries.companies import COMPANY_FILTERS
from services.contacts.queries.people import PERSON_FILTERS

FILTERS_OF: Final[Mapping[ContactKind, Filters]] = {
    ContactKind.PERSON: PERSON_FILTERS,
    ContactKind.COMPANY: COMPANY_FILTERS,
}
