"""How urgent a case is."""

from chassis.words import Worded


class Priority(Worded):
    """From what can wait to what cannot."""

    LOW = "low", "baja"
    NORMAL = "normal", "normal"
    HIGH = "high", "alta"
    URGENT = "urgent", "urgente"
