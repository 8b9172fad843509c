"""Whether an opportunity is still one, and how it counts in the forecast."""

from enum import StrEnum


class OpportunityState(StrEnum):
    """Whether an opportunity still is one."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class ForecastCategory(StrEnum):
    """How an opportunity counts in the forecast."""

    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"
    CLOSED = "closed"
    OMITTED = "omitted"
