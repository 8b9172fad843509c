"""How far we are with a lead."""

from chassis.words import Worded


class LeadState(Worded):
    """How far we are with a lead."""

    OPEN = "open", "abierto"
    QUALIFYING = "qualifying", "en calificación"
    QUALIFIED = "qualified", "calificado"
    DISQUALIFIED = "disqualified", "descartado"
    NURTURING = "nurturing", "en maduración"
