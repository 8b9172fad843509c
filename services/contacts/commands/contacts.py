"""What is done to people and companies alike: registering, changing, deleting and restoring."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from chassis import aliases, parameters
from chassis.unit_of_work import UnitOfWork
from contracts.parameters import DUPLICATE_POLICY
from services.contacts.domain.company import Company
from services.contacts.domain.match_key import MatchKey
from services.contacts.domain.matching import Keys
from services.contacts.domain.person import Person
from services.contacts.errors import PossibleDuplicate, WasMerged
from services.contacts.queries import catalogue, duplicates, employments

C = TypeVar("C", Person, Company)


def register(uow: UnitOfWork, contact: C, *, company_ids: Sequence[UUID], allow_duplicate: bool) -> C:
    """Put a new contact on file.

    Raises ``PossibleDuplicate`` with the matches unless ``allow_duplicate`` or the installation wants none reported,
    ``UnknownLinkKind``,
    ``BranchIsUnknown`` and what ``settle`` raises.
    """
    contact.register()
    catalogue.check_links(uow, contact.links)
    catalogue.check_branch(uow, contact.branch_id)
    keys = contact.match_keys(list(company_ids))
    if not allow_duplicate and (found := duplicates.duplicates_of_new(uow, keys)) and _reports_duplicates(uow):
        raise PossibleDuplicate(duplicates.described(uow, contact.kind, found))
    uow.add(contact)
    for key, detail in keys.items():
        duplicates.keep_key(uow, contact.id, key, detail)
    return contact


def change(uow: UnitOfWork, contact: C, changes: Mapping[str, Any]) -> C:
    """Apply a patch; what the contact is recognised by follows in the same transaction."""
    changed = contact.change(changes)
    if "links" in changed:
        catalogue.check_links(uow, contact.links)
    if "branch_id" in changed:
        catalogue.check_branch(uow, contact.branch_id)
    if changed:
        recognise(uow, contact)
    return contact


def recognise(uow: UnitOfWork, contact: Person | Company, *, look_again: bool = True) -> None:
    """Bring the keys of a contact up to date. When they change, what was dismissed is worth another look."""
    company_ids = employments.companies_of(uow, contact.id) if isinstance(contact, Person) else []
    wanted = contact.match_keys(company_ids)
    present = duplicates.keys_on_file(uow, contact.id)
    if {row.key: row.detail for row in present} == wanted:
        return
    for row in present:
        if row.key not in wanted:
            uow.session.delete(row)
        else:
            row.detail = wanted.pop(row.key)
    uow.session.add_all(_rows(contact.id, wanted))
    if look_again:
        for dismissal in duplicates.dismissals_with(uow, contact.id):
            uow.session.delete(dismissal)


def delete(uow: UnitOfWork, contact: Person | Company) -> None:
    """Put a contact in the bin, where nobody is warned of it."""
    contact.tell_deleted()
    put_away(uow, contact)


def put_away(uow: UnitOfWork, contact: Person | Company) -> None:
    """Put a contact where nobody finds it, without a word."""
    uow.remove(contact)
    for row in duplicates.keys_on_file(uow, contact.id):
        uow.session.delete(row)


def restore(uow: UnitOfWork, contact: C) -> C:
    """Take a contact out of the bin; one that is not in it stays as it is. Raises ``WasMerged``."""
    if into := aliases.canonical_of(uow.session, uow.metadata, [contact.id]):
        raise WasMerged(id=str(contact.id), canonical_id=str(into[contact.id]))
    contact.come_back()
    recognise(uow, contact)
    return contact


def _reports_duplicates(uow: UnitOfWork) -> bool:
    return parameters.value(uow, DUPLICATE_POLICY) == "warn"


def _rows(contact_id: UUID, keys: Keys) -> list[MatchKey]:
    return [MatchKey(key=key, contact_id=contact_id, detail=detail) for key, detail in keys.items()]
