"""Whether an opportunity is still one, and how it counts in the forecast."""

from enum import StrEnum

from chassis.words import Worded


class OpportunityState(Worded):
    """Whether an opportunity still is one."""

    OPEN = "open", "abierta"
    WON = "won", "ganada"
    LOST = "lost", "perdida"


class ForecastCategory(StrEnum):
    """How an opportunity counts in the forecast."""

    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"
    CLOSED = "closed"
    OMITTED = "omitted"
