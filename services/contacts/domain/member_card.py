"""A member of a segment or a list, as lists of members show it."""

from dataclasses import dataclass

from chassis.fields import Day, Email, Id, Name, Phone, ShortText
from contracts.contacts import ContactKind


@dataclass(frozen=True, kw_only=True)
class MemberCard:
    """Who it is, and the primary ways to reach them; a way that is not valid is left out."""

    id: Id
    kind: ContactKind
    display_name: ShortText
    email: Email | None
    phone: Phone | None
    city: Name | None
    last_contact_on: Day | None
    owner_id: Id | None
