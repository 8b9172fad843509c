"""When two records may be the same contact: keys to find candidates by, and how sure each key makes us."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

import phonenumbers

from services.contacts.domain import mailbox
from services.contacts.domain.naming import company_compare_name, compare_form, person_compare_name
from services.contacts.domain.reach import EmailAddress, PhoneNumber, PostalAddress, primary_of
from services.contacts.domain.similarity import alike

Keys = dict[str, str]  # a normalised value, and what is looked at once two values are equal

_KEY_LENGTH = 200
_BLOCK = 2  # people of one postcode are compared when a word of their names begins with the same letters
_MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


class Certainty(StrEnum):
    """How sure it is that two records are one contact."""

    CERTAIN = "certain"
    PROBABLE = "probable"


class Reason(StrEnum):
    """Why two records look like one contact."""

    TAX_ID = "tax_id"
    PERSONAL_ID = "personal_id"
    EMAIL_AND_LAST_NAME = "email_and_last_name"
    EMAIL = "email"
    MOBILE = "mobile"
    PHONE = "phone"
    NAME_AND_COMPANY = "name_and_company"
    NAME_AND_POSTCODE = "name_and_postcode"
    NAME_AND_DOMAIN = "name_and_domain"


@dataclass
class Match:
    """Another contact, and why it may be the same one."""

    contact_id: UUID
    certainty: Certainty = Certainty.PROBABLE
    reasons: set[Reason] = field(default_factory=set)


def person_keys(
    *,
    first_name: str,
    last_name: str | None,
    personal_id: str | None,
    country: str | None,
    emails: Iterable[EmailAddress],
    phones: Iterable[PhoneNumber],
    addresses: Iterable[PostalAddress],
    company_ids: Iterable[UUID],
) -> Keys:
    """Return what a person is recognised by. Numbers are in E.164, identifiers already normal."""
    full_name = person_compare_name(first_name, last_name)
    keys = dict(_emails(emails, last_name or ""))
    keys |= {f"p:mobile:{phone.number}": "" for phone in phones if _is_mobile(phone)}
    keys |= {f"p:name-company:{company_id}:{full_name}": "" for company_id in company_ids}
    keys |= dict(_neighbours(addresses, full_name))
    if personal_id:
        keys[f"p:id:{country}{personal_id}"] = ""
    return _fitting(keys)


def company_keys(
    *,
    name: str,
    tax_id: str | None,
    country: str,
    website: str | None,
    emails: Iterable[EmailAddress],
    phones: Sequence[PhoneNumber],
    addresses: Iterable[PostalAddress],
) -> Keys:
    """Return what a company is recognised by. Numbers are in E.164, identifiers already normal."""
    compare_name = company_compare_name(name)
    domains = {mailbox.business_domain(email.address) for email in emails}
    if website:
        domains.add(mailbox.website_domain(website))
    keys = {f"c:name-domain:{domain}:{compare_name}": "" for domain in domains if domain}
    keys |= {f"c:name-postcode:{place}:{compare_name}": "" for place in _places(addresses)}
    if main := primary_of(phones):
        keys[f"c:phone:{main.number}"] = ""
    if tax_id:
        keys[f"c:id:{country}{tax_id}"] = ""
    return _fitting(keys)


def certain_keys(keys: Iterable[str]) -> list[str]:
    """Return the keys that may make a match certain, in a stable order."""
    return sorted(key for key in keys if key.startswith(("p:id:", "c:id:", "p:email:")))


def matches(mine: Keys, theirs: Iterable[tuple[UUID, str, str]]) -> list[Match]:
    """Judge the holders of equal keys, given as (contact id, key, detail); the surest come first."""
    found: dict[UUID, Match] = {}
    for contact_id, key, detail in theirs:
        verdict = _judge(key, mine.get(key), detail)
        if verdict is None:
            continue
        match = found.setdefault(contact_id, Match(contact_id))
        reason, certainty = verdict
        match.reasons.add(reason)
        if certainty is Certainty.CERTAIN:
            match.certainty = certainty
    return sorted(found.values(), key=lambda match: (match.certainty, -len(match.reasons), match.contact_id))


def _judge(key: str, mine: str | None, theirs: str) -> tuple[Reason, Certainty] | None:
    if mine is None:
        return None
    match key.split(":", 2)[:2]:
        case ["p", "id"]:
            return Reason.PERSONAL_ID, Certainty.CERTAIN
        case ["c", "id"]:
            return Reason.TAX_ID, Certainty.CERTAIN
        case ["p", "email"]:
            # A shared mailbox carries no last name, so it can never be certain.
            same = bool(mine) and mine == theirs
            return (Reason.EMAIL_AND_LAST_NAME, Certainty.CERTAIN) if same else (Reason.EMAIL, Certainty.PROBABLE)
        case ["p", "near"]:
            return (Reason.NAME_AND_POSTCODE, Certainty.PROBABLE) if alike(mine, theirs) else None
    return _PROBABLE[key.split(":", 2)[1]], Certainty.PROBABLE


_PROBABLE = {
    "mobile": Reason.MOBILE,
    "phone": Reason.PHONE,
    "name-company": Reason.NAME_AND_COMPANY,
    "name-postcode": Reason.NAME_AND_POSTCODE,
    "name-domain": Reason.NAME_AND_DOMAIN,
}


def _fitting(keys: Keys) -> Keys:
    return {key[:_KEY_LENGTH]: detail[:_KEY_LENGTH] for key, detail in keys.items()}


def _emails(emails: Iterable[EmailAddress], last_name: str) -> Iterator[tuple[str, str]]:
    for email in emails:
        shared = email.kind == "shared" or mailbox.is_shared(email.address)
        yield f"p:email:{mailbox.normal_address(email.address)}", "" if shared else compare_form(last_name)


def _neighbours(addresses: Iterable[PostalAddress], full_name: str) -> Iterator[tuple[str, str]]:
    for place in _places(addresses):
        for start in {word[:_BLOCK] for word in full_name.split()}:
            yield f"p:near:{place}:{start}", full_name


def _places(addresses: Iterable[PostalAddress]) -> set[str]:
    return {
        f"{address.country}{compare_form(address.postcode).replace(' ', '')}"
        for address in addresses
        if address.postcode
    }


def _is_mobile(phone: PhoneNumber) -> bool:
    if phone.kind == "mobile":
        return True
    try:
        return phonenumbers.number_type(phonenumbers.parse(phone.number)) in _MOBILE
    except phonenumbers.NumberParseException:
        return False
