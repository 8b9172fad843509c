"""Putting on file whom a lead brings, their company and what they are interested in, in one step."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis import aliases
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind, LeadPrecondition
from services.contacts.commands import companies, contacts, employments, interests, people
from services.contacts.domain.contact_kinds import CLASS_OF
from services.contacts.domain.employment import NewEmployment
from services.contacts.domain.person import Person
from services.contacts.domain.prospect import Prospect, completed, on_file
from services.contacts.errors import PossibleDuplicate, ProspectLacks, ProspectMayBeKnown
from services.contacts.queries import employments as employed
from services.contacts.queries import prospects

Given = Mapping[str, Any]


def put_on_file(
    uow: UnitOfWork,
    *,
    demands: Collection[LeadPrecondition],
    person_id: UUID | None,
    company_id: UUID | None,
    person: Given | None,
    company: Given | None,
    wants: Sequence[str],
    owner_id: UUID | None,
    allow_duplicate: bool,
) -> Prospect:
    """Have person and company on file, with what was blank filled in, and their interests registered.

    A record that certainly is the same is taken; ``wants`` are ids or slugs of interests, and what the catalogue
    does not have is passed over. Raises ``ProspectLacks`` with what of ``demands`` does not hold,
    ``ProspectMayBeKnown``, and what creating and changing contacts raises but for duplicates.
    """
    renamed = aliases.canonical_of(uow.session, uow.metadata, filter(None, (person_id, company_id)))
    known = _known(uow, ContactKind.PERSON, person_id and renamed.get(person_id, person_id))
    employer = _known(uow, ContactKind.COMPANY, company_id and renamed.get(company_id, company_id))
    wanted, held = prospects.catalogued(uow, wants), prospects.interests_held(uow, on_file(known))
    holds = {
        LeadPrecondition.PERSON: known is not None or (person_id is None and person is not None),
        LeadPrecondition.REAL_CONTACT: known is not None and prospects.was_in_touch(uow, known.id),
        LeadPrecondition.INTEREST: bool(wanted or held),
    }
    if unmet := [each.value for each in LeadPrecondition if each in demands and not holds[each]]:
        raise ProspectLacks(unmet=unmet)
    file = _File(uow, owner_id, allow_duplicate=allow_duplicate)
    employer = file.put(ContactKind.COMPANY, employer, company, {})
    works = {"employments": [NewEmployment(company_id=employer.id, primary=True)]} if employer is not None else {}
    known = file.put(ContactKind.PERSON, known, person, works)
    assert isinstance(known, Person), "somebody asked without demanding a person"
    if employer is not None and known.id not in file.born and not employed.companies_of(uow, known.id):
        employments.start_employment(uow, person_id=known.id, company_id=employer.id, primary=True)
    if known.id not in file.born and not held:  # a certain match
        held = prospects.interests_held(uow, known.id)
    for interest in wanted:
        if interest.id not in held:
            interests.add_interest(uow, ContactKind.PERSON, known.id, interest, {"source": "lead"})
    return Prospect(person_id=known.id, company_id=on_file(employer), kept_values=file.kept)


class _File:
    """Where contacts are put; ``born`` are the ids of new ones, ``kept`` the fields where what is on file stays."""

    def __init__(self, uow: UnitOfWork, owner_id: UUID | None, *, allow_duplicate: bool) -> None:
        self._uow, self._owner_id, self._allow_duplicate = uow, owner_id, allow_duplicate
        self.born: set[UUID] = set()
        self.kept: list[str] = []

    def put(self, kind: ContactKind, record: Any, given: Given | None, more: Given) -> Any:
        """Return the record as it is on file afterwards; nothing is known of some, and None comes of it."""
        given = {name: value for name, value in (given or {}).items() if value}
        if record is None and given:
            record = self._create(kind, {**given, **more})
        if record is None or record.id in self.born:
            return record
        patch, kept = completed(record, given)
        self.kept += [f"{kind.value}.{name}" for name in kept]
        return contacts.change(self._uow, record, patch) if patch else record

    def _create(self, kind: ContactKind, given: Given) -> Any:
        create: Any = people.create_person if kind is ContactKind.PERSON else companies.create_company
        given = {**given, "owner_id": self._owner_id, "allow_duplicate": self._allow_duplicate}
        try:
            record = create(self._uow, **given)
        except PossibleDuplicate as refusal:
            matches = refusal.params["matches"]
            certain = [each["id"] for each in matches if not each["hidden"] and each["certainty"] == "certain"]
            if len(certain) != 1:
                raise ProspectMayBeKnown(kind=kind) from refusal
            return self._uow.get(CLASS_OF[kind], UUID(certain[0]), lock=True)
        self.born.add(record.id)
        return record


def _known(uow: UnitOfWork, kind: ContactKind, id_: UUID | None) -> Any:
    if id_ is None:
        return None
    try:
        return uow.get(CLASS_OF[kind], id_, lock=True)
    except NotFound:
        return None
