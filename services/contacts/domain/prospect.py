"""Whom a lead brings: what is on file wins, and what they say fills the blanks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.fields import Id, Name
from services.contacts.domain.contact import Contact
from services.contacts.domain.field_choices import same


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """Who they are on file; ``kept_values`` names the values on file that the lead contradicts."""

    person_id: Id
    company_id: Id | None
    kept_values: list[Name] = field(default_factory=list)


def completed(contact: Contact, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what ``given`` adds to the blank fields of ``contact``, and the fields where it says something else."""
    patch, kept = {}, []
    for name, value in given.items():
        if not value:
            continue
        present = getattr(contact, name)
        if not present:
            patch[name] = value
        elif not _says_the_same(present, value):
            kept.append(name)
    return patch, kept


def on_file(record: Contact | None) -> UUID | None:
    """Return the id of a contact, where there is one."""
    return None if record is None else record.id


def _says_the_same(present: Any, value: Any) -> bool:
    if isinstance(value, list):
        known = {same(item) for item in present}
        return all(same(item) in known for item in value)
    return str(present).casefold() == str(value).casefold()
