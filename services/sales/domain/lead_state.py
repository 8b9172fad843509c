"""How far we are with a lead."""

from enum import StrEnum


class LeadState(StrEnum):
    """How far we are with a lead."""

    OPEN = "open"
    QUALIFYING = "qualifying"
    QUALIFIED = "qualified"
    DISQUALIFIED = "disqualified"
    NURTURING = "nurturing"
