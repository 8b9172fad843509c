"""Entrypoints of the cases service: check, delegate, shape. They are grouped in ``operations``."""

from services.cases.operations.calendars import Calendars
from services.cases.operations.case_types import Types
from services.cases.operations.cases import Cases
from services.cases.operations.compliance import ServiceLevels
from services.cases.operations.contacts import Contacts
from services.cases.operations.entries import Entries
from services.cases.operations.housekeeping import Housekeeping
from services.cases.operations.merging import Merging
from services.cases.operations.plans import Plans
from services.cases.operations.policies import Policies
from services.cases.operations.projects import Projects
from services.cases.operations.reopening import Reopening
from services.cases.operations.surveys import Surveys


class CasesService(
    Cases,
    Merging,
    Entries,
    Surveys,
    Types,
    Policies,
    ServiceLevels,
    Calendars,
    Reopening,
    Projects,
    Plans,
    Housekeeping,
    Contacts,
):
    """Cases, their types and workflows, the service levels promised for them, and projects."""

    name = "cases"
