"""Entrypoints of the cases service: check, delegate, shape. They are grouped in ``operations``."""

from services.cases.operations.calendars import Calendars
from services.cases.operations.policies import Policies


class CasesService(Calendars, Policies):
    """Cases, their types and workflows, and the service levels promised for them."""

    name = "cases"
