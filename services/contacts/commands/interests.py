"""Everything a user can do about what contacts are interested in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_kinds import CLASS_OF, writing
from services.contacts.domain.interest import CatalogueEntry, ContactInterest, Interest
from services.contacts.errors import StillInUse
from services.contacts.queries import catalogue, interests


def set_interest(
    uow: UnitOfWork, kind: ContactKind, contact_id: UUID, interest_id: UUID, values: Mapping[str, Any]
) -> ContactInterest:
    """Register an interest of a contact, or change its weight; doing it twice tells it once.

    Raises ``NotFound`` and ``IsSwitchedOff``.
    """
    uow.get(CLASS_OF[kind], contact_id, permission=writing(kind))
    interest = catalogue.active_interest(uow, interest_id)
    found = interests.interest_of(uow, contact_id, interest_id)
    if found is None:
        return add_interest(uow, kind, contact_id, CatalogueEntry(interest.id, interest.name), values)
    before = found.weight
    found.apply(values)
    if found.weight != before:
        found.register(interest.name)
    return found.named(interest.name)


def add_interest(
    uow: UnitOfWork, kind: ContactKind, contact_id: UUID, interest: CatalogueEntry, values: Mapping[str, Any]
) -> ContactInterest:
    """Register an interest that the contact does not have yet."""
    added = uow.add(ContactInterest(contact_id=contact_id, contact_kind=kind, interest_id=interest.id, **values))
    added.register(interest.name)
    return added.named(interest.name)


def remove_interest(uow: UnitOfWork, kind: ContactKind, contact_id: UUID, interest_id: UUID) -> None:
    """Forget an interest of a contact. Raises ``NotFound`` where there is none."""
    uow.get(CLASS_OF[kind], contact_id, permission=writing(kind))
    found = interests.interest_of(uow, contact_id, interest_id)
    if found is None:
        raise NotFound(resource="interests", id=str(interest_id))
    interest = uow.session.get_one(Interest, interest_id)
    found.tell_removed(interest.name)
    uow.remove(found)


def create_interest(uow: UnitOfWork, **attributes: Any) -> Interest:
    """Add an interest to the catalogue. Raises ``NameIsTaken``."""
    catalogue.check_slug_is_free(uow, Interest, attributes["slug"])
    return uow.add(Interest(**attributes))


def update_interest(uow: UnitOfWork, interest_id: UUID, changes: Mapping[str, Any]) -> Interest:
    """Change an interest of the catalogue. Raises ``VersionConflict``, ``NameIsTaken``."""
    interest = uow.change(Interest, interest_id)
    if changes.get("slug", interest.slug) != interest.slug:
        catalogue.check_slug_is_free(uow, Interest, changes["slug"])
    interest.apply(changes)
    return interest


def delete_interest(uow: UnitOfWork, interest_id: UUID) -> None:
    """Take an interest out of the catalogue. Raises ``StillInUse`` when contacts have it."""
    interest = uow.change(Interest, interest_id)
    if count := catalogue.uses_of_interest(uow, interest_id):
        raise StillInUse(count=count)
    uow.remove(interest)
