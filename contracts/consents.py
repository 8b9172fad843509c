"""What consents mean, in the same words for whoever keeps them, lists people by them or sends because of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chassis.sealing import fingerprint


class ConsentChannel(StrEnum):
    """By which channel somebody may be reached."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    POST = "post"
    PORTAL = "portal"


class Purpose(StrEnum):
    """What a message is for."""

    MARKETING = "marketing"
    SURVEY = "survey"
    SERVICE = "service"
    CONTRACT = "contract"


class ConsentState(StrEnum):
    """What somebody said: nothing we know of, yes with proof, no more, or no on principle (objection)."""

    UNKNOWN = "unknown"
    OPTED_IN = "opted_in"
    OPTED_OUT = "opted_out"
    OBJECTED = "objected"


class LawfulBasis(StrEnum):
    """On which ground of article 6 of the GDPR somebody is written to."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTEREST = "legitimate_interest"


class Rule(StrEnum):
    """Which rule allowed or refused."""

    ADDRESS_OBJECTED = "address-objected"
    ADDRESS_OPTED_OUT = "address-opted-out"
    CONTACT_OBJECTED = "contact-objected"
    CONTACT_OPTED_OUT = "contact-opted-out"
    OPTED_IN = "opted-in"
    LEGITIMATE_INTEREST = "legitimate-interest"
    NOTHING_AGAINST = "nothing-against"
    NO_CONSENT = "no-consent"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What was said for one channel and purpose, by a contact or for an address."""

    state: ConsentState = ConsentState.UNKNOWN
    basis: LawfulBasis | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether somebody may be reached, and by which rule."""

    allowed: bool
    rule: Rule


NOTHING_SAID: Final = Standing()
_SEALED_FOR: Final = "address of a consent"
_ON_ADDRESS: Final = {
    ConsentState.OBJECTED: Rule.ADDRESS_OBJECTED,
    ConsentState.OPTED_OUT: Rule.ADDRESS_OPTED_OUT,
}
_ON_CONTACT: Final = {
    ConsentState.OBJECTED: Rule.CONTACT_OBJECTED,
    ConsentState.OPTED_OUT: Rule.CONTACT_OPTED_OUT,
}
_TELEPHONE: Final = frozenset({ConsentChannel.PHONE, ConsentChannel.SMS, ConsentChannel.WHATSAPP})


def verdict(purpose: Purpose, contact: Standing, address: Standing) -> Verdict:
    """Return whether a message for ``purpose`` may go to an address of a contact.

    A refusal on the address beats a yes of the contact, and the other way round. Where nothing was said marketing
    needs a legitimate interest on record; surveys, service and contract need nothing.
    """
    refused = _ON_ADDRESS.get(address.state) or _ON_CONTACT.get(contact.state)
    if refused is not None:
        return Verdict(allowed=False, rule=refused)
    if ConsentState.OPTED_IN in {address.state, contact.state}:
        return Verdict(allowed=True, rule=Rule.OPTED_IN)
    if purpose is not Purpose.MARKETING:
        return Verdict(allowed=True, rule=Rule.NOTHING_AGAINST)
    if LawfulBasis.LEGITIMATE_INTEREST in {address.basis, contact.basis}:
        return Verdict(allowed=True, rule=Rule.LEGITIMATE_INTEREST)
    return Verdict(allowed=False, rule=Rule.NO_CONSENT)


def strictest(standings: Iterable[Standing]) -> Standing:
    """Return what counts of what was said under several ids of one contact: a no, or else a yes, or else a basis."""
    said = list(standings)
    for state in (ConsentState.OBJECTED, ConsentState.OPTED_OUT, ConsentState.OPTED_IN):
        if found := next((each for each in said if each.state is state), None):
            return found
    return next((each for each in said if each.basis), NOTHING_SAID)


def address_key(channel: ConsentChannel, address: str) -> str | None:
    """Return what stands for an address where consents are kept and told: a keyed hash, the same in every service.

    Small and capital letters are the same, a mailbox with a ``+tag`` is the mailbox. Calls, SMS and WhatsApp share
    the number. ``None`` for channels without addresses of this kind.
    """
    if channel is ConsentChannel.EMAIL:
        local, _, domain = address.strip().casefold().rpartition("@")
        return fingerprint(f"email:{local.partition('+')[0]}@{domain}", _SEALED_FOR)
    if channel in _TELEPHONE:
        return fingerprint(f"phone:{address.strip()}", _SEALED_FOR)
    return None
