"""What contacts and addresses said about being reached, and who may be reached because of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis import aliases
from chassis.unit_of_work import UnitOfWork
from contracts.consents import (
    NOTHING_SAID,
    ConsentChannel,
    Purpose,
    Standing,
    address_key,
    strictest,
    verdict,
)
from contracts.contacts import ContactKind
from services.contacts.domain.consent import Consent
from services.contacts.domain.consent_views import AddressConsent, ConsentCell, ConsentChange, Reachable, Said
from services.contacts.domain.contact_kinds import CLASS_OF, reading
from services.contacts.domain.reach import usable

Held = Mapping[tuple[str, ConsentChannel, Purpose], Consent]


@dataclass(frozen=True)
class Reach:
    """By what a contact is reached: its addresses with what stands for them, and the one that is used.

    ``own`` is how consents name the contact, by the ids of the records merged into it as well.
    """

    own: list[str]
    addresses: dict[str, str]
    used: str | None

    @property
    def holders(self) -> list[str]:
        """Whom and what consents of this contact may hold for."""
        return [*self.own, *self.addresses.values()]


def reach_of(uow: UnitOfWork, contact: Any, kind: ContactKind, channel: ConsentChannel) -> Reach:
    """Return by what a contact is reached by a channel."""
    return _reach(contact, kind, channel, aliases.family_of(uow.session, uow.metadata, contact.id))


def _reach(contact: Any, kind: ContactKind, channel: ConsentChannel, ids: Sequence[UUID]) -> Reach:
    ways: Mapping[str, Any]
    if channel is ConsentChannel.EMAIL:
        ways, best = {each.address: each for each in contact.emails}, usable(contact.emails)
        used = best and best.address
    else:
        ways, number = {each.number: each for each in contact.phones}, usable(contact.phones)
        used = number and number.number
    keys = {address: key for address in ways if (key := address_key(channel, address)) is not None}
    own = [f"{CLASS_OF[kind].resource}/{id_}" for id_ in ids]
    return Reach(own, keys, keys.get(used) if used else None)


def consent(uow: UnitOfWork, holder: str, channel: ConsentChannel, purpose: Purpose) -> Consent | None:
    """Return what is said for one holder, channel and purpose, to be changed by nobody else meanwhile."""
    query = sa.select(Consent).where(Consent.holder == holder, Consent.channel == channel, Consent.purpose == purpose)
    return uow.session.scalars(query.with_for_update()).one_or_none()


def matrix(uow: UnitOfWork, kind: ContactKind, contact_id: UUID) -> list[ConsentCell]:
    """Return every channel and purpose of a contact. Raises ``NotFound`` for a contact out of reach."""
    contact = uow.get(CLASS_OF[kind], contact_id, permission=reading(kind))
    reaches = {channel: reach_of(uow, contact, kind, channel) for channel in ConsentChannel}
    held = _held(uow, {holder for reach in reaches.values() for holder in reach.holders})
    return [_cell(reaches[channel], held, channel, purpose) for channel in ConsentChannel for purpose in Purpose]


def cell(
    uow: UnitOfWork, kind: ContactKind, contact_id: UUID, channel: ConsentChannel, purpose: Purpose
) -> ConsentCell:
    """Return one channel and purpose of a contact. Raises ``NotFound`` for a contact out of reach."""
    contact = uow.get(CLASS_OF[kind], contact_id, permission=reading(kind))
    reach = reach_of(uow, contact, kind, channel)
    return _cell(reach, _held(uow, reach.holders), channel, purpose)


def changes(uow: UnitOfWork, kind: ContactKind, contact_id: UUID) -> list[ConsentChange]:
    """Return everything that was said, the latest first. Raises ``NotFound`` for a contact out of reach."""
    contact = uow.get(CLASS_OF[kind], contact_id, permission=reading(kind))
    reaches = [reach_of(uow, contact, kind, channel) for channel in ConsentChannel]
    named = {key: address for reach in reaches for address, key in reach.addresses.items()}
    found = [
        ConsentChange(channel=each.channel, purpose=each.purpose, address=named.get(each.holder), **vars(entry))
        for each in _held(uow, [*reaches[0].own, *named]).values()
        for entry in each.entries
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)


def reachable(
    uow: UnitOfWork, kind: ContactKind, ids: Collection[UUID], channel: ConsentChannel, purpose: Purpose
) -> list[Reachable]:
    """Return who of these contacts may be reached; those that are not on file are left out."""
    model = CLASS_OF[kind]
    rows = uow.session.execute(
        sa.select(model.id, model.emails, model.phones).where(model.id.in_(sorted(ids)), model.deleted_at.is_(None))
    )
    families = aliases.families_of(uow.session, uow.metadata, ids)
    reaches = {row.id: _reach(row, kind, channel, families[row.id]) for row in rows}
    held = _held(uow, {holder for reach in reaches.values() for holder in reach.holders}, channel, purpose)
    found = []
    for contact_id, reach in reaches.items():
        said = _verdict(reach, held, channel, purpose)
        found.append(Reachable(contact_id=contact_id, allowed=said.allowed, rule=said.rule))
    return found


def told(uow: UnitOfWork) -> int:
    """Return how many changes of consents were ever told."""
    return uow.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Consent.event_count), 0))) or 0


def _held(
    uow: UnitOfWork,
    holders: Iterable[str],
    channel: ConsentChannel | None = None,
    purpose: Purpose | None = None,
) -> Held:
    query = sa.select(Consent).where(Consent.holder.in_(sorted(holders)))
    if channel is not None and purpose is not None:
        query = query.where(Consent.channel == channel, Consent.purpose == purpose)
    return {(each.holder, each.channel, each.purpose): each for each in uow.session.scalars(query)}


def _standing(held: Held, holder: str | None, channel: ConsentChannel, purpose: Purpose) -> Standing:
    found = held.get((holder, channel, purpose)) if holder else None
    return found.standing if found else NOTHING_SAID


def _verdict(reach: Reach, held: Held, channel: ConsentChannel, purpose: Purpose) -> Any:
    contact = strictest(_standing(held, holder, channel, purpose) for holder in reach.own)
    return verdict(purpose, contact, _standing(held, reach.used, channel, purpose))


def _cell(reach: Reach, held: Held, channel: ConsentChannel, purpose: Purpose) -> ConsentCell:
    said = _verdict(reach, held, channel, purpose)
    # Of what was said under several ids that is shown which counts.
    own = [found for holder in reach.own if (found := held.get((holder, channel, purpose)))]
    counts = strictest(each.standing for each in own)
    addresses = [
        AddressConsent(address=address, **vars(_said(found)))
        for address, key in reach.addresses.items()
        if (found := held.get((key, channel, purpose)))
    ]
    return ConsentCell(
        channel=channel,
        purpose=purpose,
        allowed=said.allowed,
        rule=said.rule,
        addresses=addresses,
        **vars(_said(next((each for each in own if each.standing == counts), None))),
    )


def _said(found: Consent | None) -> Said:
    if found is None or not found.entries:
        return Said()
    last = found.entries[-1]
    return Said(state=last.state, basis=last.basis, proof=last.proof, changed_at=last.at, changed_by=last.by_name)
