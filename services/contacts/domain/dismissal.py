"""Two contacts that somebody looked at and found to be two."""

from uuid import UUID

from chassis.fields import Id, Instant
from chassis.model import Mapped, column
from services.contacts.domain.base import Model


class Dismissal(Model):
    """A pair that is no duplicate, until one of the compared fields changes. ``low_id`` is the smaller id."""

    __tablename__ = "duplicate_dismissals"

    low_id: Mapped[Id] = column(primary_key=True)
    high_id: Mapped[Id] = column(primary_key=True, index=True)
    dismissed_at: Mapped[Instant]
    dismissed_by: Mapped[Id | None]


def pair(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Return two ids in the order in which a pair is kept."""
    return (one, other) if one < other else (other, one)
