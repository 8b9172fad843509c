"""Which class and which permission stand behind each kind of contact."""

from typing import Final

from contracts.contacts import ContactKind
from services.contacts.domain.company import Company
from services.contacts.domain.person import Person

CLASS_OF: Final[dict[ContactKind, type[Person] | type[Company]]] = {
    ContactKind.PERSON: Person,
    ContactKind.COMPANY: Company,
}


def reading(kind: ContactKind) -> str:
    """Return the permission that shows contacts of this kind."""
    return f"{CLASS_OF[kind].resource}:read"


def deleting(kind: ContactKind) -> str:
    """Return the permission that puts contacts of this kind in the bin."""
    return f"{CLASS_OF[kind].resource}:delete"


def writing(kind: ContactKind) -> str:
    """Return the permission that changes contacts of this kind."""
    return f"{CLASS_OF[kind].resource}:write"
