"""Consents as they are sent and shown: the cells of a contact's matrix, what was said over time, who may be reached."""

from dataclasses import dataclass, field

from chassis.fields import Flag, Id, Instant, LongText, ShortText
from contracts.consents import ConsentChannel, ConsentState, LawfulBasis, Purpose, Rule
from services.contacts.domain.consent import Proof


@dataclass(frozen=True, kw_only=True)
class ConsentValues:
    """What a contact says of one channel and purpose. With ``address`` it holds for that address alone."""

    state: ConsentState
    basis: LawfulBasis | None = None
    proof: Proof | None = None
    note: LongText | None = None
    address: ShortText | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said now, how we know, and who recorded it when."""

    state: ConsentState = ConsentState.UNKNOWN
    basis: LawfulBasis | None = None
    proof: Proof | None = None
    changed_at: Instant | None = None
    changed_by: ShortText | None = None


@dataclass(frozen=True, kw_only=True)
class AddressConsent(Said):
    """What is said for one address or number, whoever has it."""

    address: ShortText


@dataclass(frozen=True, kw_only=True)
class ConsentCell(Said):
    """One channel and purpose. ``allowed`` says whether the address that is used may be reached, ``rule`` why."""

    channel: ConsentChannel
    purpose: Purpose
    allowed: Flag
    rule: Rule
    addresses: list[AddressConsent] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ConsentChange:
    """One thing that was said; ``address`` where it holds for one address only."""

    channel: ConsentChannel
    purpose: Purpose
    address: ShortText | None
    state: ConsentState
    basis: LawfulBasis | None
    proof: Proof | None
    note: LongText | None
    at: Instant
    by_id: Id | None
    by_name: ShortText


@dataclass(frozen=True, kw_only=True)
class Reachable:
    """Whether a contact may be reached, and by which rule."""

    contact_id: Id
    allowed: Flag
    rule: Rule
