"""What notifications remembers of consents, which contacts owns: enough to decide when a message goes."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from chassis.fields import Count, Id, Instant, Internal, ReadOnly, ShortText
from chassis.indexes import unique
from chassis.model import Aggregate, Mapped, column
from contracts.consents import ConsentChannel, ConsentState, LawfulBasis, Purpose, Standing
from contracts.contacts import ConsentChanged
from contracts.notifications import RecipientUnsubscribed
from services.notifications.domain.base import Model

_NO = frozenset({ConsentState.OPTED_OUT, ConsentState.OBJECTED})


class KnownConsent(Aggregate, Model):
    """One consent, as contacts told it last. ``holder`` is ``people/<id>``, ``companies/<id>`` or an address's key.

    It keeps to the holder that it was first told of, also where that contact is merged into another. ``consent_id`` is
    missing until contacts tells of what was said here first. ``heard`` is the number of the last event within its
    consent; their sum says whether everything was heard.
    """

    __tablename__ = "known_consents"
    __table_args__ = (unique("holder", "channel", "purpose"),)
    resource: ClassVar = "known-consents"

    consent_id: Mapped[Internal[Id] | None] = column(unique=True)
    holder: Mapped[Internal[ShortText]]
    channel: Mapped[ReadOnly[ConsentChannel]]
    purpose: Mapped[ReadOnly[Purpose]]
    state: Mapped[ReadOnly[ConsentState]] = column(default=ConsentState.UNKNOWN)
    basis: Mapped[ReadOnly[LawfulBasis] | None]
    changed_at: Mapped[ReadOnly[Instant] | None]
    heard: Mapped[Internal[Count]] = column(default=0)

    @property
    def standing(self) -> Standing:
        """What is said, for the rules."""
        return Standing(state=self.state, basis=self.basis)

    def hear(self, event: ConsentChanged, sequence: int) -> None:
        """Take what contacts tells; an earlier word changes nothing, nor does one from before the link was followed."""
        if sequence <= self.heard:
            return
        self.consent_id, self.heard = event.consent_id, sequence
        if self.changed_at is None or event.changed_at >= self.changed_at:
            self.state, self.basis, self.changed_at = event.state, event.basis, event.changed_at

    def unsubscribe(self, at: datetime, message_id: UUID | None, person_id: UUID | None) -> None:
        """Opt the address out, here at once and by telling contacts; one that is out already stays so."""
        if self.state in _NO:
            return
        self.state, self.changed_at = ConsentState.OPTED_OUT, at
        self.record(
            RecipientUnsubscribed(
                address_key=self.holder,
                channel=self.channel,
                purpose=self.purpose,
                message_id=message_id,
                person_id=person_id,
                unsubscribed_at=at,
            )
        )
