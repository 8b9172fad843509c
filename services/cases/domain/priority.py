"""How urgent a case is."""

from enum import StrEnum


class Priority(StrEnum):
    """From what can wait to what cannot."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"
