"""When, and through which channel, we and a contact were in touch."""

from uuid import UUID

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.interaction import Interaction


def recorded_as(uow: UnitOfWork, reference_key: str) -> UUID | None:
    """Return the interaction that a channel's own reference names, or ``None``."""
    return uow.session.scalar(sa.select(Interaction.id).where(Interaction.reference_key == reference_key))
