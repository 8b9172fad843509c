"""What contacts tells of consents, remembered for the moment when a message goes."""

from chassis.envelope import Envelope
from chassis.reactions import on
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ConsentChanged
from services.notifications.commands import consents


@on(ConsentChanged)
def know_consent(uow: UnitOfWork, event: ConsentChanged, envelope: Envelope) -> None:
    """Somebody said whether they may be reached; the next message minds it."""
    consents.hear_consent(uow, event, envelope.sequence)
