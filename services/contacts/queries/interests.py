"""What contacts are interested in."""

from uuid import UUID

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_kinds import CLASS_OF, reading
from services.contacts.domain.interest import ContactInterest, Interest


def interests_of(uow: UnitOfWork, kind: ContactKind, contact_id: UUID) -> list[ContactInterest]:
    """Return a contact's interests, the strongest first. Raises ``NotFound`` for a contact out of reach."""
    uow.get(CLASS_OF[kind], contact_id, permission=reading(kind))
    rows = uow.session.execute(
        sa.select(ContactInterest, Interest.name)
        .join(Interest, Interest.id == ContactInterest.interest_id)
        .where(ContactInterest.contact_id == contact_id)
        .order_by(ContactInterest.weight.desc(), Interest.name)
    )
    return [interest.named(name) for interest, name in rows]


def interest_of(uow: UnitOfWork, contact_id: UUID, interest_id: UUID) -> ContactInterest | None:
    """Return how much a contact is interested in something, or ``None``."""
    return uow.session.scalars(
        sa.select(ContactInterest).where(
            ContactInterest.contact_id == contact_id, ContactInterest.interest_id == interest_id
        )
    ).one_or_none()
