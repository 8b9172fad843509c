"""Contacts as rows of a sheet, for programs that open CSV files."""

import re
from collections.abc import Sequence
from typing import Final

from services.contacts.domain.company import Company
from services.contacts.domain.person import Person
from services.contacts.domain.reach import primary_of

_OWN: Final = {
    Person: ("first_name", "last_name", "salutation", "job_title", "personal_id", "buying_role", "attitude"),
    Company: ("name", "legal_name", "tax_id", "website", "sector", "industry_code", "employee_count"),
}
_SHARED: Final = ("country", "language", "source", "completeness", "last_contact_on", "created_at", "updated_at")
_REACH: Final = ("email", "phone", "street", "postcode", "city", "region", "links")
_NUMBER: Final = re.compile(r"[+-]?[0-9.]+")


def header(model: type[Person] | type[Company]) -> list[str]:
    """Return the names of the columns."""
    return ["id", *_OWN[model], *_REACH, *_SHARED]


def row(contact: Person | Company) -> list[str]:
    """Return a contact's values in the order of ``header``."""
    email, phone, home = primary_of(contact.emails), primary_of(contact.phones), primary_of(contact.addresses)
    reach = (
        email and email.address,
        phone and phone.number,
        home and home.street,
        contact.postcode,
        contact.city,
        contact.region,
        ", ".join(contact.links),
    )
    return _texts(
        [
            contact.id,
            *(getattr(contact, name) for name in _OWN[type(contact)]),
            *reach,
            *(getattr(contact, name) for name in _SHARED),
        ]
    )


def _texts(values: Sequence[object]) -> list[str]:
    return [_safe("" if value is None else str(value)) for value in values]


def _safe(text: str) -> str:
    """Return ``text`` so that no sheet program takes it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(text) else text
