"""Which preconditions there are."""

from chassis.unit_of_work import UnitOfWork
from services.cases.domain.precondition import SENTENCES, Unmet


def catalogue(uow: UnitOfWork) -> list[Unmet]:
    """Return every precondition with its sentence in the caller's language."""
    return [Unmet(name=name.value, detail=text.in_(uow.call.locale)) for name, text in SENTENCES.items()]
