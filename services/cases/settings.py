"""What only the cases service is told about its installation."""

import functools

from chassis.settings import source


@functools.cache
def numbers_are_yearly() -> bool:
    """Whether case numbers begin anew each year (``TRATO_CASE_NUMBERS`` yearly, the default) or not (plain)."""
    return source().choice("TRATO_CASE_NUMBERS", ("yearly", "plain"), "yearly") == "yearly"
