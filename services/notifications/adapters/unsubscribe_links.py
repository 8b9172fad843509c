"""The link by which whoever reads an address wants no more messages for a purpose. It never expires.

It is sealed, so nobody can make one up or see in it whose address it is.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from chassis.sealing import Unsealable, seal, unseal
from chassis.settings import Settings
from contracts.consents import Purpose

_SEALED_FOR: Final = "unsubscribe-link"


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """What a link says: which address, by its key, for what purpose, and the message that brought it."""

    address_key: str
    purpose: Purpose
    message_id: UUID


def link(ticket: Ticket, settings: Settings) -> str:
    """Return the address of the page, to which mail programs post."""
    token = seal(f"{ticket.address_key} {ticket.purpose.value} {ticket.message_id.hex}", _SEALED_FOR)
    return f"{settings.public_url}/v1/unsubscribe/{token}"


def read(token: str) -> Ticket | None:
    """Return what a link says; ``None`` for one that is not ours."""
    try:
        key, purpose, message_id = unseal(token, _SEALED_FOR).split(" ")
    except Unsealable:
        return None
    return Ticket(address_key=key, purpose=Purpose(purpose), message_id=UUID(message_id))
