"""Events told by the contacts service. Personal data stays out, but name and language; the rest is asked for by id."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from chassis.events import ContactId, Event
from chassis.words import Worded
from contracts.consents import ConsentChannel, ConsentState, LawfulBasis, Purpose


class ContactKind(Worded):
    """What kind of contact an id names."""

    PERSON = "person", "persona"
    COMPANY = "company", "empresa"


class Channel(StrEnum):
    """How an interaction took place."""

    EMAIL = "email"
    PHONE = "phone"
    WEB = "web"
    LETTER = "letter"
    VISIT = "visit"
    CHAT = "chat"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    SOCIAL = "social"


class Direction(StrEnum):
    """Who began an interaction: they (inbound) or we (outbound)."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class LeadPrecondition(StrEnum):
    """What is known of somebody whose lead may become an opportunity."""

    PERSON = "person"
    REAL_CONTACT = "real-contact"
    INTEREST = "interest"


@dataclass(frozen=True, kw_only=True)
class ContactCreated(Event, public=True):
    """A person or a company is on file."""

    contact_id: ContactId
    kind: ContactKind
    display_name: str
    links: list[str]


@dataclass(frozen=True, kw_only=True)
class ContactUpdated(Event, public=True):
    """Fields of a contact changed; ``changed`` names them, their values are asked for by id."""

    contact_id: ContactId
    kind: ContactKind
    display_name: str
    links: list[str]
    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class ContactLanguageChanged(Event, public=True):
    """A contact is to be written to in another language from now on; without one nobody says in which.

    Told as well of a contact that is put on file with a language, and where a merge or its undoing leaves it another.
    """

    contact_id: ContactId
    kind: ContactKind
    language: str | None


@dataclass(frozen=True, kw_only=True)
class AddressInvalidated(Event, public=True):
    """An address of a contact leads nowhere, and is not written to any more, until somebody says that it is good.

    ``address_key`` stands for it, as in consents; ``status`` is what a mail server said (RFC 3463).
    """

    contact_id: ContactId
    kind: ContactKind
    channel: ConsentChannel
    address_key: str
    status: str


@dataclass(frozen=True, kw_only=True)
class ContactDeleted(Event, public=True):
    """A contact was deleted; it may be restored."""

    contact_id: ContactId
    kind: ContactKind
    display_name: str


@dataclass(frozen=True, kw_only=True)
class ContactRestored(Event, public=True):
    """A deleted contact is back."""

    contact_id: ContactId
    kind: ContactKind
    display_name: str
    links: list[str]


@dataclass(frozen=True, kw_only=True)
class ContactMerged(Event, public=True):
    """Several records of one contact are one: whoever names one of ``absorbed_ids`` means ``survivor_id``, for ever.

    ``field_choices`` says of each field that changed whose value it has now, ``conflicts`` what both had and only one
    could keep (``interest``, ``tax_id`` …). Nothing else is told because of a merge, but ``ContactLanguageChanged``
    where the survivor has another language by it, and nobody is to be written to.
    """

    merge_id: UUID
    kind: ContactKind
    survivor_id: ContactId
    absorbed_ids: list[ContactId]
    display_name: str
    links: list[str]
    field_choices: dict[str, str]
    conflicts: list[str]


@dataclass(frozen=True, kw_only=True)
class ContactUnmerged(Event, public=True):
    """A merge was undone: each of ``absorbed_ids`` is a contact of its own again, with what was its own."""

    merge_id: UUID
    kind: ContactKind
    survivor_id: ContactId
    absorbed_ids: list[ContactId]


@dataclass(frozen=True, kw_only=True)
class FollowedMerge:
    """How a service that follows contacts acknowledges a merge, or with ``undone`` that it was undone.

    ``moved`` counts the records that name another contact now, by resource; ``stayed`` those that still name the old
    one, because the contact that is left has the same already.
    """

    merge_id: UUID
    undone: bool
    moved: dict[str, int]
    stayed: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class EmploymentStarted(Event, public=True):
    """A person works for a company; told once it is on file, whenever it began."""

    employment_id: UUID
    person_id: ContactId
    company_id: ContactId
    role: str | None
    starts_on: date | None


@dataclass(frozen=True, kw_only=True)
class EmploymentChanged(Event, public=True):
    """Somebody's role, department or dates at a company changed; ``changed`` names the fields."""

    employment_id: UUID
    person_id: ContactId
    company_id: ContactId
    role: str | None
    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class EmploymentEnded(Event, public=True):
    """A person no longer works for a company."""

    employment_id: UUID
    person_id: ContactId
    company_id: ContactId
    role: str | None
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class RelationAdded(Event, public=True):
    """Two contacts are related: ``from_id`` is ``relation_type`` (manager, partner …) of ``to_id``."""

    relation_id: UUID
    from_id: ContactId
    to_id: ContactId
    relation_type: str
    formal: bool


@dataclass(frozen=True, kw_only=True)
class RelationEnded(Event, public=True):
    """Two contacts are no longer related in this way."""

    relation_id: UUID
    from_id: ContactId
    to_id: ContactId
    relation_type: str
    formal: bool
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class InteractionRecorded(Event, public=True):
    """Somebody of ours and a contact were, or tried to be, in touch.

    ``real`` says that the contact took part: it wrote to us, or a call or visit of ours reached it. What was
    said stays in the contacts service.
    """

    interaction_id: UUID
    person_id: ContactId | None
    company_id: ContactId | None
    channel: Channel
    direction: Direction
    real: bool
    branch_id: UUID | None
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True)
class InterestRegistered(Event, public=True):
    """A contact is interested in something; told again when the weight (1 to 100) changes."""

    contact_id: ContactId
    kind: ContactKind
    interest_id: UUID
    interest: str
    weight: int


@dataclass(frozen=True, kw_only=True)
class InterestRemoved(Event, public=True):
    """A contact is no longer interested in something."""

    contact_id: ContactId
    kind: ContactKind
    interest_id: UUID
    interest: str


@dataclass(frozen=True, kw_only=True)
class ListChanged(Event, public=True):
    """Contacts were put on a list by hand, or taken off it; those of the list's segments are not named."""

    list_id: UUID
    name: str
    added: list[UUID]
    removed: list[UUID]


@dataclass(frozen=True, kw_only=True)
class ConsentChanged(Event, public=True):
    """What a contact said about being reached by a channel for a purpose, or what holds for one address, changed.

    With ``address_key`` it holds for that address, whoever has it; the key stands for the address and does not tell it.
    """

    consent_id: UUID
    contact_id: ContactId | None
    kind: ContactKind | None
    address_key: str | None
    channel: ConsentChannel
    purpose: Purpose
    state: ConsentState
    basis: LawfulBasis | None
    changed_at: datetime
