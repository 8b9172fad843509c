"""A list: people, or companies, that somebody picked by hand, and those of the segments that it includes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from chassis.clock import utc_now
from chassis.fields import AliasedId, Count, Id, Instant, Logged, LongText, Title, values
from chassis.ids import new_id
from chassis.indexes import ForeignKey, unique
from chassis.model import Aggregate, Mapped, Owned, column
from contracts.contacts import ContactKind, ListChanged
from services.contacts.domain.base import Model

MOST_SEGMENTS = 20


class ContactList(Owned, Aggregate, Model):
    """A distribution list. Whoever is in it in several ways is in it once."""

    __tablename__ = "lists"
    resource: ClassVar = "lists"
    search_fields: ClassVar = ("name", "description")

    name: Mapped[Logged[Title]]
    kind: Mapped[ContactKind] = column(default=ContactKind.PERSON, index=True)
    description: Mapped[Logged[LongText] | None]
    segment_ids: Mapped[Logged[list[Id]]] = values(
        Id, most=MOST_SEGMENTS, doc="Segments whose members belong to the list as well, as they are at each moment."
    )

    def tell_members(self, *, added: Iterable[UUID] = (), removed: Iterable[UUID] = ()) -> None:
        """Tell who was put on the list by hand, or taken off it."""
        self.record(ListChanged(list_id=self.id, name=self.name, added=sorted(added), removed=sorted(removed)))


class ListMember(Model):
    """Somebody who was put on a list by hand."""

    __tablename__ = "list_members"
    __table_args__ = (unique("list_id", "contact_id"),)
    resource: ClassVar = "list-members"

    id: Mapped[Id] = column(primary_key=True, default=new_id)
    list_id: Mapped[Id] = column(ForeignKey("lists.id", ondelete="CASCADE"))
    contact_id: Mapped[AliasedId] = column(index=True)
    added_at: Mapped[Instant] = column(default=utc_now)


@dataclass(frozen=True, kw_only=True)
class AddedToList:
    """How many contacts are on the list by hand now that were not, and how many were before."""

    added: Count
    already_members: Count
