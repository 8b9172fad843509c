"""Everything a user can do to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis import aliases, settings
from chassis.errors import ValidationFailed
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.commands import contacts
from services.contacts.domain.employment import Employment, NewEmployment
from services.contacts.domain.person import Person
from services.contacts.queries import employments as employed
from services.contacts.queries.names import names_of

_NO_COMPANY = ("There is no such company that you may see.", "No hay ninguna empresa así que usted pueda ver.")


def create_person(
    uow: UnitOfWork,
    *,
    employments: Sequence[NewEmployment] = (),
    allow_duplicate: bool = False,
    **attributes: Any,
) -> Person:
    """Put a person on file, with where they work.

    Raises ``PossibleDuplicate`` with the matches unless ``allow_duplicate``, ``TaxIdIsWrong``, ``UnknownLinkKind``,
    and ``ValidationFailed`` for a company the caller may not see.
    """
    renamed = aliases.canonical_of(uow.session, uow.metadata, (new.company_id for new in employments))
    employments = [replace(new, company_id=renamed.get(new.company_id, new.company_id)) for new in employments]
    names = _company_names(uow, employments)
    person = Person(**{"country": settings.load().default_country, **attributes})
    contacts.register(uow, person, company_ids=list(names), allow_duplicate=allow_duplicate)
    if employments:
        # Employments point at the person's row; nothing else tells the session which comes first.
        uow.session.flush()
    cards = []
    for place, new in enumerate(employments):
        employment = Employment(person_id=person.id, **vars(new))
        employment.primary = new.primary or (place == 0 and not any(other.primary for other in employments))
        employment.start()
        uow.add(employment)
        cards.append(employment.card(names[new.company_id]))
    return person.showing(cards)


def update_person(uow: UnitOfWork, person_id: UUID, changes: Mapping[str, Any]) -> Person:
    """Change a person. Raises ``VersionConflict``, and what creating raises but for duplicates."""
    person = contacts.change(uow, uow.change(Person, person_id), changes)
    return person.showing(employed.cards_of(uow, person.id))


def delete_person(uow: UnitOfWork, person_id: UUID) -> None:
    """Put a person in the bin."""
    contacts.delete(uow, uow.change(Person, person_id))


def restore_person(uow: UnitOfWork, person_id: UUID) -> Person:
    """Take a person out of the bin."""
    person = contacts.restore(uow, uow.change(Person, person_id, deleted=True))
    return person.showing(employed.cards_of(uow, person.id))


def _company_names(uow: UnitOfWork, employments: Sequence[NewEmployment]) -> dict[UUID, str]:
    if not employments:
        return {}
    names = names_of(uow, ContactKind.COMPANY, (new.company_id for new in employments))
    detail = _NO_COMPANY[uow.call.locale == "es"]
    errors = [
        {"pointer": f"/employments/{place}/company_id", "detail": detail}
        for place, new in enumerate(employments)
        if new.company_id not in names
    ]
    if errors:
        raise ValidationFailed(errors)
    return names
