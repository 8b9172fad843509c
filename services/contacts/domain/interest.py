"""What contacts may be interested in, and how much each of them is."""

from typing import ClassVar, NamedTuple, Self
from uuid import UUID

from chassis.fields import AliasedId, Flag, Id, Logged, LongText, Name, ReadOnly, Slug
from chassis.indexes import ForeignKey, unique
from chassis.model import Aggregate, Mapped, column
from contracts.contacts import ContactKind, InterestRegistered, InterestRemoved
from services.contacts.domain.base import Model
from services.contacts.domain.weight import Weight


class Interest(Aggregate, Model):
    """One entry of the catalogue: a product line, a service, a subject."""

    __tablename__ = "interests"
    resource: ClassVar = "interests"
    search_fields: ClassVar = ("name", "description")

    slug: Mapped[Slug] = column(unique=True)
    name: Mapped[Logged[Name]]
    description: Mapped[Logged[LongText] | None]
    active: Mapped[Logged[Flag]] = column(default=True)


class CatalogueEntry(NamedTuple):
    """What an interest is called."""

    id: UUID
    name: str


class ContactInterest(Aggregate, Model):
    """How much a contact is interested in something."""

    __tablename__ = "contact_interests"
    resource: ClassVar = "contact-interests"
    __table_args__ = (unique("contact_id", "interest_id"),)

    contact_id: Mapped[ReadOnly[AliasedId]]
    contact_kind: Mapped[ReadOnly[ContactKind]]
    interest_id: Mapped[Id] = column(ForeignKey("interests.id"), index=True)
    weight: Mapped[Logged[Weight]] = column(default=50)
    source: Mapped[Logged[Slug] | None]
    notes: Mapped[Logged[LongText] | None]

    def named(self, interest: str) -> Self:
        """Return the interest with its name in the catalogue, for the answer."""
        self.__dict__["interest"] = interest
        return self

    def register(self, interest: str) -> None:
        """Tell of the interest, by its name in the catalogue, or of its new weight."""
        self.record(
            InterestRegistered(
                contact_id=self.contact_id,
                kind=self.contact_kind,
                interest_id=self.interest_id,
                interest=interest,
                weight=self.weight,
            )
        )

    def tell_removed(self, interest: str) -> None:
        """Tell that the contact is no longer interested."""
        self.record(
            InterestRemoved(
                contact_id=self.contact_id,
                kind=self.contact_kind,
                interest_id=self.interest_id,
                interest=interest,
            )
        )
