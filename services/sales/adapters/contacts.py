"""What sales asks of contacts when a lead is qualified: to put on file whom the lead brings, in one step."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import orjson

from chassis.calls import RemoteRefusal, ask
from chassis.context import Actor, Scope
from chassis.shapes import packer
from contracts.contacts import ContactKind, LeadPrecondition
from services.sales.domain.lead_contact import LeadCompany, LeadPerson
from services.sales.domain.qualification import LeadSheet, Settled
from services.sales.errors import LeadContactMayBeKnown

# Whether there was a contact is a fact, whoever may read it; and the same request by two people is one request.
_RIGHTS: Final[Mapping[str, Scope]] = {"people:*": "all", "companies:*": "all"}


def settle(sheet: LeadSheet, *, allow_duplicate: bool) -> Settled | list[LeadPrecondition]:
    """Have person and company on file, with what was blank filled in, and return who they are.

    Returns instead what does not hold; then contacts has changed nothing. It may be repeated: what was done stays
    done, and is not done twice. Raises ``LeadContactMayBeKnown``, and what ``ask`` raises.
    """
    data = {
        "demands": sheet.demands,
        "person_id": _text(sheet.person_id),
        "company_id": _text(sheet.company_id),
        "person": _plain(sheet.person),
        "company": _plain(sheet.company),
        "wants": list(sheet.interests),
        "owner_id": _text(sheet.owner_id),
        "allow_duplicate": allow_duplicate,
    }
    # Somebody may correct the lead between two attempts; that is another request, with a key of its own.
    digest = hashlib.blake2b(orjson.dumps(data, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()
    # The part of the suite that asks: its keys are its own, and new records join the lead's group.
    us = Actor(kind="service", name="sales", permissions=_RIGHTS, group_id=sheet.group_id)
    try:
        found = ask("contacts.put_prospect_on_file", data=data, key=f"lead-{sheet.lead_id}-{digest}", actor=us)
    except RemoteRefusal as refusal:
        if refusal.slug == "prospect-lacks":
            return [LeadPrecondition(each) for each in refusal.params["unmet"]]
        if refusal.slug == "prospect-may-be-known":
            raise LeadContactMayBeKnown(kind=ContactKind(refusal.params["kind"])) from refusal
        raise
    company_id = found["company_id"]
    return Settled(
        lead_version=sheet.lead_version,
        person_id=UUID(found["person_id"]),
        company_id=UUID(company_id) if company_id else None,
        kept=found["kept_values"],
    )


def _text(id_: UUID | None) -> str | None:
    return None if id_ is None else str(id_)


def _plain(given: LeadPerson | LeadCompany | None) -> dict[str, Any] | None:
    if given is None:
        return None
    kind: Any = type(given)
    pack = packer(kind)
    assert pack is not None
    return {name: value for name, value in pack(given).items() if value}
