"""Named preconditions: what must hold before a transition, reused by as many transitions as need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chassis.fields import LongText, Slug
from chassis.translated import Translated


class Precondition(StrEnum):
    """What a transition may ask for."""

    CUSTOMER_NAMED = "customer-named"
    RESPONSIBLE_ASSIGNED = "responsible-assigned"
    RESOLVER_ASSIGNED = "resolver-assigned"
    CUSTOMER_ANSWERED = "customer-answered"
    NOTHING_UNANSWERED = "nothing-unanswered"
    TASKS_DONE = "tasks-done"
    SOLUTION_WRITTEN = "solution-written"
    SUPERVISOR = "supervisor"


SENTENCES: Final[Mapping[Precondition, Translated]] = {
    Precondition.CUSTOMER_NAMED: Translated(
        en="Name the person or the company.", es="Indique la persona o la empresa."
    ),
    Precondition.RESPONSIBLE_ASSIGNED: Translated(en="Assign somebody responsible.", es="Asigne un responsable."),
    Precondition.RESOLVER_ASSIGNED: Translated(en="Assign a resolver.", es="Asigne un resolutor."),
    Precondition.CUSTOMER_ANSWERED: Translated(
        en="Answer the customer at least once.", es="Responda al cliente al menos una vez."
    ),
    Precondition.NOTHING_UNANSWERED: Translated(
        en="Answer the customer's last message.", es="Responda al último mensaje del cliente."
    ),
    Precondition.TASKS_DONE: Translated(en="Finish the required tasks.", es="Termine las tareas obligatorias."),
    Precondition.SOLUTION_WRITTEN: Translated(en="Write down the solution.", es="Escriba la solución."),
    Precondition.SUPERVISOR: Translated(en="A supervisor must do this.", es="Debe hacerlo un supervisor."),
}


@dataclass(frozen=True, kw_only=True)
class Unmet:
    """A precondition that does not hold, and what to do about it."""

    name: Slug
    detail: LongText


def unmet(names: "list[Precondition]", held: Mapping[Precondition, bool], locale: str) -> list[Unmet]:
    """Return those of ``names`` that do not hold, with a sentence in ``locale``."""
    return [Unmet(name=name.value, detail=SENTENCES[name].in_(locale)) for name in names if not held[name]]
