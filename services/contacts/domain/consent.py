"""A consent: what a contact, or whoever reads an address, said about one channel and one purpose, with its proofs."""

import ipaddress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final

from chassis.fields import AliasedId, Id, Instant, Internal, LongText, Name, ReadOnly, ShortText, values
from chassis.indexes import unique
from chassis.model import Aggregate, Mapped, column
from contracts.consents import ConsentChannel, ConsentState, LawfulBasis, Purpose, Standing
from contracts.contacts import ConsentChanged, ContactKind
from services.contacts.domain.base import Model
from services.contacts.errors import ProofDoesNotFit, ProofIsMissing

# Clocks of other programs may run ahead of ours by a little.
_TOLERANCE: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How we know: ``source`` is the form, call or letter, ``text_version`` what it said, ``obtained_at`` when.

    ``recording`` refers to the recorded call or the scanned paper.
    """

    source: Name
    text_version: Name | None = None
    obtained_at: Instant | None = None
    ip: Name | None = None
    recording: ShortText | None = None

    def checked(self, now: datetime) -> "Proof":
        """Return the proof with its instant. Raises ``ProofDoesNotFit`` for an address or an instant that cannot be."""
        if self.ip is not None:
            try:
                ipaddress.ip_address(self.ip)
            except ValueError:
                raise ProofDoesNotFit(field="ip", value=self.ip) from None
        if self.obtained_at is not None and self.obtained_at > now + _TOLERANCE:
            raise ProofDoesNotFit(field="obtained_at", value=self.obtained_at.isoformat())
        return replace(self, obtained_at=self.obtained_at or now)


@dataclass(frozen=True, kw_only=True)
class ConsentEntry:
    """One thing that was said, as it was recorded; ``by_id`` is who recorded it."""

    state: ConsentState
    basis: LawfulBasis | None
    proof: Proof | None
    note: LongText | None
    at: Instant
    by_id: Id | None
    by_name: ShortText


class Consent(Aggregate, Model):
    """``holder`` is whom or what it holds for: ``people/<id>``, ``companies/<id>``, or what stands for an address."""

    __tablename__ = "consents"
    __table_args__ = (unique("holder", "channel", "purpose"),)
    resource: ClassVar = "consents"

    holder: Mapped[Internal[ShortText]]
    contact_id: Mapped[ReadOnly[AliasedId] | None] = column(index=True)
    contact_kind: Mapped[ReadOnly[ContactKind] | None]
    channel: Mapped[ReadOnly[ConsentChannel]]
    purpose: Mapped[ReadOnly[Purpose]]
    state: Mapped[ReadOnly[ConsentState]] = column(default=ConsentState.UNKNOWN)
    basis: Mapped[ReadOnly[LawfulBasis] | None]
    entries: Mapped[ReadOnly[list[ConsentEntry]]] = values(ConsentEntry)

    @property
    def standing(self) -> Standing:
        """What is said now, for the rules."""
        return Standing(state=self.state, basis=self.basis)

    @property
    def address_key(self) -> str | None:
        """What stands for the address that it holds for; ``None`` where it holds for a contact."""
        return None if "/" in self.holder else self.holder

    def say(self, entry: ConsentEntry) -> None:
        """Record what was said and tell of it; every word is kept, and the same word again changes nothing.

        Raises ``ProofIsMissing`` for a yes that cannot be proved, ``ProofDoesNotFit``.
        """
        if entry.state is ConsentState.OPTED_IN:
            _demand_proof(entry.proof)
        if self.entries and _says_the_same(entry, self.entries[-1]):
            return
        entry = replace(entry, proof=entry.proof and entry.proof.checked(entry.at))
        # What was said last counts, also where it was heard of first.
        self.entries = sorted([*self.entries, entry], key=lambda each: each.at)
        last = self.entries[-1]
        self.state, self.basis = last.state, last.basis
        self.record(
            ConsentChanged(
                consent_id=self.id,
                contact_id=self.contact_id,
                kind=self.contact_kind,
                address_key=self.address_key,
                channel=self.channel,
                purpose=self.purpose,
                state=self.state,
                basis=self.basis,
                changed_at=last.at,
            )
        )


def _demand_proof(proof: Proof | None) -> None:
    missing = [] if proof and proof.text_version else ["proof.text_version"]
    missing += [] if proof else ["proof.source"]
    missing += [] if proof and (proof.ip or proof.recording) else ["proof.ip, proof.recording"]
    if missing:
        raise ProofIsMissing(missing=" · ".join(missing))


def _says_the_same(new: ConsentEntry, last: ConsentEntry) -> bool:
    before = last.proof
    if before is not None and new.proof is not None and new.proof.obtained_at is None:
        before = replace(before, obtained_at=None)
    return (new.state, new.basis, new.proof) == (last.state, last.basis, before)
