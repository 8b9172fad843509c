"""What sales asks of contacts when a lead is qualified: who is on file, and to put on file who is not."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal
from uuid import UUID

import orjson

from chassis.calls import RemoteRefusal, ask
from chassis.context import Actor, Scope
from chassis.ids import parse_id
from chassis.shapes import packer
from services.sales.domain.lead_contact import LeadCompany, LeadPerson
from services.sales.domain.qualification import Facts, LeadSheet, Settled, completed
from services.sales.errors import LeadContactMayBeKnown

Kind = Literal["person", "company"]

_TRIES: Final = 4  # at a record that somebody else changes at the same time
_NOT_FOUND: Final = 404
_STALE: Final = 412
# Whether there was a contact is a fact, whoever may read it; and the same request by two people is one request.
_RIGHTS: Final[Mapping[str, Scope]] = {
    "people:*": "all",
    "companies:*": "all",
    "interactions:read": "all",
    "interests:read": "all",
}


def facts(sheet: LeadSheet) -> Facts:
    """Return what contacts knows of a lead's person and company. Changes nothing; raises what ``ask`` raises."""
    us = _us(sheet)
    person = _record("person", sheet.person_id, us)
    met, interests = False, frozenset[str]()
    if person is not None:
        wanted = {"person_id": str(person["id"]), "real": "true", "limit": "1"}
        met = bool(ask("contacts.list_interactions", params=wanted, actor=us)["items"])
        known = ask("contacts.list_person_interests", str(person["id"]), actor=us)
        interests = frozenset(str(each["interest_id"]) for each in known)
    return Facts(
        person=person,
        company=_record("company", sheet.company_id, us),
        real_contact=met,
        interests=interests,
        wanted_interests=frozenset(_catalogued(sheet.interests, us)),
    )


def settle(sheet: LeadSheet, known: Facts, *, allow_duplicate: bool) -> Settled:
    """Have person and company on file, with what was blank filled in, and return who they are.

    It may be repeated: what was done stays done, and is not done twice. Raises ``LeadContactMayBeKnown``, and what
    ``ask`` raises.
    """
    us, kept = _us(sheet), list[str]()
    company = _settled("company", sheet, known.company, {}, kept, allow_duplicate=allow_duplicate)
    employed = {"employments": [{"company_id": company["id"], "primary": True}]} if company else {}
    person = _settled("person", sheet, known.person, employed, kept, allow_duplicate=allow_duplicate)
    assert person is not None, "the precondition was checked before"
    if company and not person["employments"]:
        _employ(sheet, person["id"], company["id"], us)
    for interest in sorted(known.wanted_interests - known.interests):
        data = {"source": "lead"}
        ask("contacts.set_person_interest", str(person["id"]), interest, data=data, actor=us)
    return Settled(person_id=UUID(person["id"]), company_id=UUID(company["id"]) if company else None, kept=kept)


def _settled(
    kind: Kind,
    sheet: LeadSheet,
    record: Mapping[str, Any] | None,
    more: Mapping[str, Any],
    kept: list[str],
    *,
    allow_duplicate: bool,
) -> Mapping[str, Any] | None:
    given: LeadPerson | LeadCompany | None = sheet.person if kind == "person" else sheet.company
    us, plain = _us(sheet), {} if given is None else _plain(given)
    if record is None and not plain:
        return None
    if record is None:
        data = {**plain, **more, "owner_id": sheet.owner_id and str(sheet.owner_id), "allow_duplicate": allow_duplicate}
        record, is_new = _created(kind, sheet, data, us)
        if is_new:
            return record
    return _filled(kind, record, plain, us, kept)


def _created(kind: Kind, sheet: LeadSheet, data: dict[str, Any], us: Actor) -> tuple[Mapping[str, Any], bool]:
    # Somebody may correct the lead between two attempts; that is another request, with a key of its own.
    digest = hashlib.blake2b(orjson.dumps(data, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()
    key = f"lead-{sheet.lead_id}-{kind}-{digest}"
    try:
        record: Mapping[str, Any] = ask(f"contacts.create_{kind}", data=data, key=key, actor=us)
    except RemoteRefusal as refusal:
        if refusal.slug != "possible-duplicate":
            raise
        certain = [each["id"] for each in refusal.params["matches"] if each["certainty"] == "certain" and each["id"]]
        match = _record(kind, UUID(certain[0]), us) if len(certain) == 1 else None
        if match is None:
            raise LeadContactMayBeKnown(kind=kind) from refusal
        return match, False
    return record, True


def _filled(
    kind: Kind, record: Mapping[str, Any], plain: Mapping[str, Any], us: Actor, kept: list[str]
) -> Mapping[str, Any]:
    """Fill the blank fields of a record; whatever it says already stays."""
    for attempt in range(1, _TRIES + 1):
        patch, differing = completed(record, plain)
        try:
            if patch:
                version = int(record["version"])
                record = ask(f"contacts.update_{kind}", str(record["id"]), data=patch, version=version, actor=us)
        except RemoteRefusal as refusal:
            fresh = _record(kind, UUID(record["id"]), us)
            if refusal.status != _STALE or attempt == _TRIES or fresh is None:
                raise
            record = fresh
        else:
            kept += [f"{kind}.{name}" for name in differing]
            break
    return record


def _employ(sheet: LeadSheet, person_id: str, company_id: str, us: Actor) -> None:
    data = {"person_id": person_id, "company_id": company_id, "primary": True}
    try:
        ask("contacts.create_employment", data=data, key=f"lead-{sheet.lead_id}-employment-{person_id}", actor=us)
    except RemoteRefusal as refusal:
        if refusal.slug != "already-employed":
            raise


def _catalogued(interests: Iterable[str], us: Actor) -> list[str]:
    """Return the ids of those interests, named by id or slug, that the catalogue has."""
    ids = [each for each in interests if parse_id(each)]
    slugs = [each for each in interests if not parse_id(each)]
    found = []
    for name, values in (("id_in", ids), ("slug_in", slugs)):
        if values:
            params = {name: ",".join(values), "limit": "200"}
            found += [str(each["id"]) for each in ask("contacts.list_interests", params=params, actor=us)["items"]]
    return found


def _record(kind: Kind, id_: UUID | None, us: Actor) -> Mapping[str, Any] | None:
    if id_ is None:
        return None
    try:
        found: Mapping[str, Any] = ask(f"contacts.get_{kind}", str(id_), actor=us)
    except RemoteRefusal as refusal:
        if refusal.status == _NOT_FOUND:
            return None
        raise
    return found


def _plain(given: LeadPerson | LeadCompany) -> dict[str, Any]:
    kind: Any = type(given)
    pack = packer(kind)
    assert pack is not None
    return {name: value for name, value in pack(given).items() if value}


def _us(sheet: LeadSheet) -> Actor:
    """Return the part of the suite that asks: its keys are its own, and new records join the lead's group."""
    return Actor(kind="service", name="sales", permissions=_RIGHTS, group_id=sheet.group_id)
