"""When, and through which channel, we and a contact were in touch."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.fields import AliasedId
from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.interaction import Interaction

INTERACTION_FILTERS = filters_for(
    Interaction,
    contact_id=where(
        AliasedId, lambda contact_id: sa.or_(Interaction.person_id == contact_id, Interaction.company_id == contact_id)
    ),
    default_sort=("-occurred_at",),
)


def interaction(uow: UnitOfWork, interaction_id: UUID) -> Interaction:
    """Return an interaction. Raises ``NotFound``."""
    return uow.get(Interaction, interaction_id)


def interactions(uow: UnitOfWork, page: PageRequest) -> Page[Interaction]:
    """Return a page of interactions, the latest first."""
    return page.apply(uow.scoped(sa.select(Interaction), Interaction), uow.session)


def latest_with(uow: UnitOfWork, contact_id: UUID, limit: int) -> Sequence[Interaction]:
    """Return the latest interactions with a contact that the caller may see."""
    mine = sa.or_(Interaction.person_id == contact_id, Interaction.company_id == contact_id)
    query = uow.scoped(sa.select(Interaction).where(mine), Interaction, permission="interactions:read")
    return uow.session.scalars(query.order_by(Interaction.occurred_at.desc()).limit(limit)).all()


def recorded_as(uow: UnitOfWork, reference_key: str) -> UUID | None:
    """Return the interaction that a channel's own reference names, or ``None``."""
    return uow.session.scalar(sa.select(Interaction.id).where(Interaction.reference_key == reference_key))
