"""What the sales service refuses, and why."""

from collections.abc import Sequence
from typing import Final

from chassis.errors import Conflict, Invalid


class StagesAreWrong(Invalid):
    """A pipeline has at least one stage, and each stage has a name and an id of its own."""

    slug = "stages-are-wrong"
    es = "Un embudo tiene al menos una etapa, y cada etapa un nombre y un identificador propios."


class StageIsUnknown(Invalid):
    """The pipeline {pipeline} has no such stage."""

    slug = "stage-is-unknown"
    es = "El embudo «{pipeline}» no tiene esa etapa."


class StageIsInUse(Conflict):
    """Opportunities are, or ended, in a stage that you are taking away: {count}; move them first."""

    slug = "stage-is-in-use"
    es = "Hay oportunidades en una etapa que usted quita, o que terminaron en ella: {count}; muévalas antes."


class PipelineNameIsTaken(Conflict):
    """There is already a pipeline called {name}."""

    slug = "pipeline-name-is-taken"
    es = "Ya existe un embudo llamado «{name}»."


class PipelineIsInUse(Conflict):
    """The pipeline has {count} opportunities; switch it off instead of deleting it."""

    slug = "pipeline-is-in-use"
    es = "El embudo tiene {count} oportunidades; desactívelo en lugar de borrarlo."


class DefaultPipelineStays(Conflict):
    """This is the default pipeline; make another one the default first."""

    slug = "default-pipeline-stays"
    es = "Este es el embudo por omisión; elija antes otro como tal."


class PipelineIsSwitchedOff(Conflict):
    """The pipeline {name} is switched off and takes no new opportunities."""

    slug = "pipeline-is-switched-off"
    es = "El embudo «{name}» está desactivado y no admite oportunidades nuevas."


class NoDefaultPipeline(Conflict):
    """There is no default pipeline; name one, or make one the default."""

    slug = "no-default-pipeline"
    es = "No hay un embudo por omisión; indique uno o elija uno como tal."


class CloseReasonIsTaken(Conflict):
    """There is already a reason {slug}."""

    slug = "close-reason-is-taken"
    es = "Ya existe el motivo «{slug}»."


class CloseReasonIsUnknown(Invalid):
    """There is no active reason with that id for this; see the catalogue of reasons."""

    slug = "close-reason-is-unknown"
    es = "No hay ningún motivo activo con ese identificador para esto; consulte el catálogo de motivos."


class QuantityIsNotPositive(Invalid):
    """A line is of more than nothing: its quantity is greater than zero."""

    slug = "quantity-is-not-positive"
    es = "Una línea es de algo: su cantidad es mayor que cero."


class AmountIsTooLarge(Invalid):
    """The amount is larger than 99,999,999,999,999."""

    slug = "amount-is-too-large"
    es = "El importe es mayor que 99.999.999.999.999."


class CurrencyIsAnother(Invalid):
    """All lines are in one currency: this one is in {currency}, the others are in {wanted}."""

    slug = "currency-is-another"
    es = "Todas las líneas van en una moneda: esta va en {currency} y las demás en {wanted}."


class TooManyLines(Conflict):
    """There are {limit} lines already; there is no room for more."""

    slug = "too-many-lines"
    es = "Ya hay {limit} líneas; no caben más."


class LinesGiveTheAmount(Conflict):
    """The amount is the sum of the lines; change the lines."""

    slug = "lines-give-the-amount"
    es = "El importe es la suma de las líneas; modifique las líneas."


class EntryCriteriaUnmet(Conflict):
    """The stage {stage} cannot be entered yet; see what is missing."""

    slug = "entry-criteria-unmet"
    es = "Todavía no se puede entrar en la etapa «{stage}»; vea lo que falta."

    def __init__(self, stage: str, unmet: Sequence[dict[str, str]]) -> None:
        super().__init__(stage=stage, unmet=list(unmet))


class OverrideNeedsAReason(Invalid):
    """Say why the probability is another than the stage's: send probability_reason."""

    slug = "override-needs-a-reason"
    es = "Diga por qué la probabilidad no es la de la etapa: envíe probability_reason."


class OpportunityIsClosed(Conflict):
    """The opportunity is {state}; reopen it first."""

    slug = "opportunity-is-closed"
    es = "La oportunidad está en estado «{state}»; reábrala antes."


class OpportunityIsOpen(Conflict):
    """The opportunity is open already."""

    slug = "opportunity-is-open"
    es = "La oportunidad ya está abierta."


class ClosesInTheFuture(Invalid):
    """An opportunity closes today or before; {closed_on} lies ahead."""

    slug = "closes-in-the-future"
    es = "Una oportunidad se cierra hoy o antes; {closed_on} está por venir."


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


class ActivityIsOver(Conflict):
    """The activity is {state} already."""

    slug = "activity-is-over"
    es = "La actividad ya está en estado «{state}»."


class DoneInTheFuture(Invalid):
    """What was done lies behind; {done_at} lies ahead."""

    slug = "done-in-the-future"
    es = "Lo hecho queda atrás; {done_at} está por venir."


class NotQualifiable(Conflict):
    """The lead cannot be qualified yet; see what is missing."""

    slug = "not-qualifiable"
    es = "Todavía no se puede calificar el candidato; vea lo que falta."

    def __init__(self, unmet: Sequence[str], locale: str) -> None:
        place = 1 if locale == "es" else 0
        super().__init__(unmet=[{"precondition": each, "detail": _MISSING[each][place]} for each in unmet])


class LeadContactMayBeKnown(Conflict):
    """There may already be a {kind} like the lead's on file; put its id into the lead, or send allow_duplicate."""

    slug = "lead-contact-may-be-known"
    es = "Puede que ya conste un contacto ({kind}) como el del candidato; ponga su id o envíe allow_duplicate."


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


class CampaignEndsBeforeItStarts(Invalid):
    """The campaign's last day, {ends_on}, lies before its first, {starts_on}."""

    slug = "campaign-ends-before-it-starts"
    es = "El último día de la campaña, {ends_on}, es anterior al primero, {starts_on}."


class CampaignIsNotPlanned(Conflict):
    """The campaign is {state}; only a planned one is activated."""

    slug = "campaign-is-not-planned"
    es = "La campaña está en estado «{state}»; solo se activa una prevista."


class CampaignIsNotActive(Conflict):
    """The campaign is {state}; only an active one is closed."""

    slug = "campaign-is-not-active"
    es = "La campaña está en estado «{state}»; solo se cierra una activa."


class CampaignIsClosed(Conflict):
    """The campaign is closed; its members stay as they are."""

    slug = "campaign-is-closed"
    es = "La campaña está cerrada; sus miembros quedan como están."


class RateIsWrong(Invalid):
    """A rate is greater than zero, and of another currency than {base}."""

    slug = "rate-is-wrong"
    es = "Un tipo de cambio es mayor que cero y de otra moneda que {base}."


class RateIsKnown(Conflict):
    """There is already a rate of {currency} on {on}; change that one."""

    slug = "rate-is-known"
    es = "Ya hay un tipo de cambio de {currency} el {on}; modifique ese."
