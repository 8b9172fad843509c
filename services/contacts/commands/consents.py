"""Recording what contacts say about being reached, and what whoever reads an address says by a link in a message."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.clock import utc_now
from chassis.errors import NotFound, ValidationFailed
from chassis.unit_of_work import UnitOfWork
from contracts.consents import ConsentChannel, ConsentState, LawfulBasis, Purpose
from contracts.contacts import ContactKind
from contracts.notifications import RecipientUnsubscribed
from services.contacts.domain.consent import Consent, ConsentEntry, Proof
from services.contacts.domain.consent_views import ConsentCell
from services.contacts.domain.contact_kinds import CLASS_OF, reading
from services.contacts.queries import consents
from services.contacts.queries.relations import kind_of

_LINK: Final = "unsubscribe-link"
_NOT_THEIRS: Final = (
    "The contact has no such address for this channel.",
    "El contacto no tiene esa dirección para este canal.",
)


def set_consent(
    uow: UnitOfWork,
    kind: ContactKind,
    contact_id: UUID,
    channel: str,
    purpose: str,
    *,
    state: ConsentState,
    basis: LawfulBasis | None = None,
    proof: Proof | None = None,
    note: str | None = None,
    address: str | None = None,
) -> ConsentCell:
    """Record what a contact says, of one channel and purpose, or of one address alone.

    Raises ``NotFound``, ``ProofIsMissing``, ``ProofDoesNotFit``, ``ValidationFailed`` for an address of somebody else.
    """
    wanted, aim = _named(channel, purpose)
    # Two who record something of one contact at the same time wait for each other.
    contact = uow.get(CLASS_OF[kind], contact_id, permission=reading(kind), lock=True)
    reach = consents.reach_of(uow, contact, kind, wanted)
    holder, *others = reach.own
    if address is not None:
        key = {known.casefold(): key for known, key in reach.addresses.items()}.get(address.strip().casefold())
        if key is None:
            raise ValidationFailed([{"pointer": "/address", "detail": _NOT_THEIRS[uow.call.locale == "es"]}])
        holder, others = key, []
    entry = _entry(uow, state=state, basis=basis, proof=proof, note=note, at=utc_now())
    _say(uow, holder, wanted, aim, entry, contact_id=contact.id, kind=kind)
    # What was said under the id of a record that was merged into this one gives way as well.
    for other in others:
        if found := consents.consent(uow, other, wanted, aim):
            found.say(entry)
    uow.session.flush()
    return consents.cell(uow, kind, contact.id, wanted, aim)


def take_unsubscription(uow: UnitOfWork, event: RecipientUnsubscribed) -> None:
    """Record that an address is opted out, as whoever reads it said; whom the message was for is remembered with it."""
    kind = kind_of(uow, event.person_id) if event.person_id else None
    proof = Proof(
        source=_LINK,
        obtained_at=event.unsubscribed_at,
        recording=f"messages/{event.message_id}" if event.message_id else None,
    )
    entry = _entry(uow, state=ConsentState.OPTED_OUT, basis=None, proof=proof, note=None, at=event.unsubscribed_at)
    before = consents.consent(uow, event.address_key, event.channel, event.purpose)
    if before is not None and before.state is ConsentState.OBJECTED:
        return  # which says more than a link can
    known = event.person_id if kind else None
    _say(uow, event.address_key, event.channel, event.purpose, entry, contact_id=known, kind=kind)


def _named(channel: str, purpose: str) -> tuple[ConsentChannel, Purpose]:
    try:
        return ConsentChannel(channel), Purpose(purpose)
    except ValueError:
        raise NotFound(resource="consents", id=f"{channel}/{purpose}"[:64]) from None


def _entry(uow: UnitOfWork, *, at: datetime, **said: Any) -> ConsentEntry:
    return ConsentEntry(**said, at=at, by_id=uow.actor.user_id, by_name=uow.actor.name[:255])


def _say(
    uow: UnitOfWork,
    holder: str,
    channel: ConsentChannel,
    purpose: Purpose,
    entry: ConsentEntry,
    *,
    contact_id: UUID | None,
    kind: ContactKind | None,
) -> None:
    found = consents.consent(uow, holder, channel, purpose)
    if found is None:
        found = uow.add(Consent(holder=holder, channel=channel, purpose=purpose))
    if contact_id is not None:
        found.contact_id, found.contact_kind = contact_id, kind
    found.say(entry)
