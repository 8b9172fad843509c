"""What is refused about leads."""

from collections.abc import Sequence
from typing import Final

from chassis.errors import Conflict, Invalid


class LeadIsReadOnly(Conflict):
    """The lead is {state}, and stays as it is; only an open lead changes."""

    slug = "lead-is-read-only"
    es = "El candidato está en estado «{state}» y queda como está; solo cambia un candidato abierto."


class LeadIsNotGivenUp(Conflict):
    """The lead is {state}; only one that was disqualified or is nurtured is opened again."""

    slug = "lead-is-not-given-up"
    es = "El candidato está en estado «{state}»; solo se reabre uno descartado o en maduración."


class NurtureLiesBehind(Invalid):
    """A lead is nurtured until a day that lies ahead; {nurture_until} does not."""

    slug = "nurture-lies-behind"
    es = "Un candidato madura hasta un día por venir; {nurture_until} no lo es."


class AssigneeIsInactive(Conflict):
    """This user may no longer sign in and takes no leads."""

    slug = "assignee-is-inactive"
    es = "Este usuario ya no puede entrar y no recibe candidatos."


class NoRuleFits(Conflict):
    """No rule says who takes this lead; name somebody."""

    slug = "no-rule-fits"
    es = "Ninguna regla dice quién lleva este candidato; indique a alguien."


class NotQualifiable(Conflict):
    """The lead cannot be qualified yet; see what is missing."""

    slug = "not-qualifiable"
    es = "Todavía no se puede calificar el candidato; vea lo que falta."

    def __init__(self, unmet: Sequence[str], locale: str) -> None:
        place = 1 if locale == "es" else 0
        super().__init__(unmet=[{"precondition": each, "detail": _MISSING[each][place]} for each in unmet])


class QualificationDidNotLast(Conflict):
    """The qualification was undone meanwhile: the lead is open. Look at it, and qualify it again."""

    slug = "qualification-did-not-last"
    es = "La calificación se deshizo entretanto: el candidato está abierto. Mírelo y califíquelo otra vez."


class LeadContactMayBeKnown(Conflict):
    """There may already be a {kind} like the lead's on file; put its id into the lead, or send allow_duplicate."""

    slug = "lead-contact-may-be-known"
    es = "Puede que ya conste un contacto ({kind}) como el del candidato; ponga su id o envíe allow_duplicate."


class TermsContradict(Invalid):
    """No new opportunity is wanted, so nothing is said of one; leave out: {fields}."""

    slug = "terms-contradict"
    es = "No se quiere una oportunidad nueva, así que nada se dice de ella; quite: {fields}."


class LeadIsNotQualified(Conflict):
    """The lead is {state}; only a qualification is undone."""

    slug = "lead-is-not-qualified"
    es = "El candidato está en estado «{state}»; solo se deshace una calificación."


class UndoIsTooLate(Conflict):
    """A qualification is undone within {minutes} minutes; this one could be until {last}."""

    slug = "undo-is-too-late"
    es = "Una calificación se deshace en {minutes} minutos; esta se podía deshacer hasta {last}."


class OpportunityIsTouched(Conflict):
    """The opportunity is no longer as the qualification left it; see what was touched."""

    slug = "opportunity-is-touched"
    es = "La oportunidad ya no está como la dejó la calificación; vea qué se ha tocado."

    def __init__(self, touched: Sequence[str], locale: str) -> None:
        place = 1 if locale == "es" else 0
        super().__init__(touched=[{"what": each, "detail": _TOUCHED[each][place]} for each in touched])


_TOUCHED: Final = {
    "opportunity": (
        "The opportunity itself: a field, a line, its stage, whether it is open, or it is in the bin.",
        "La propia oportunidad: un campo, una línea, su etapa, si está abierta, o está en la papelera.",
    ),
    "quotes": (
        "A quote of the opportunity: one was drafted or changed.",
        "Un presupuesto de la oportunidad: se redactó o se modificó alguno.",
    ),
    "activities": (
        "An activity of the opportunity: one was planned, changed or done.",
        "Una actividad de la oportunidad: se planificó, se modificó o se hizo alguna.",
    ),
}
_MISSING: Final = {
    "person": (
        "There is no person: give the lead a person or the id of one on file.",
        "Falta la persona: dé una al candidato, o el identificador de una que conste.",
    ),
    "real-contact": (
        "There was no real contact: a message from the person, or a call or visit that reached them.",
        "Falta un contacto real: un mensaje de la persona, o una llamada o visita en la que se la localizó.",
    ),
    "interest": (
        "There is no interest: name one of the catalogue in the lead, or register one of the person.",
        "Falta un interés: ponga uno del catálogo en el candidato o regístrelo en la persona.",
    ),
}
