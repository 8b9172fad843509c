"""What is refused about opportunities and their lines."""

from collections.abc import Sequence

from chassis.errors import Conflict, Invalid


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
