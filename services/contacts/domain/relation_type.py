"""The catalogue of relations: how two contacts may belong together, and what that is called from either side."""

from typing import ClassVar

from chassis.fields import Flag, Logged, ReadOnly, Slug, value
from chassis.model import Aggregate, Mapped, column
from chassis.translated import Translated
from chassis.words import Worded
from contracts.contacts import ContactKind
from services.contacts.domain.base import Model
from services.contacts.errors import RelationJoinsOthers


class Joins(Worded):
    """Which kind of contact may stand on one side."""

    PERSON = "person", "persona"
    COMPANY = "company", "empresa"
    ANY = "any", "cualquiera"

    def takes(self, kind: ContactKind) -> bool:
        """Whether a contact of ``kind`` may stand here."""
        return self is Joins.ANY or self.value == kind.value


class RelationType(Aggregate, Model):
    """One relation: *Ana* is ``name`` of *Luis*; from Luis's side it is called ``inverse_name``.

    A symmetric one (friend) has the same name on both sides and no direction.
    """

    __tablename__ = "relation_types"
    resource: ClassVar = "relation-types"

    slug: Mapped[Slug] = column(unique=True)
    name: Mapped[Logged[Translated]] = value(Translated)
    inverse_name: Mapped[Logged[Translated]] = value(Translated)
    formal: Mapped[Logged[Flag]] = column(default=True)
    symmetric: Mapped[ReadOnly[Flag]] = column(default=False)
    from_kind: Mapped[Logged[Joins]] = column(default=Joins.ANY)
    to_kind: Mapped[Logged[Joins]] = column(default=Joins.ANY)
    active: Mapped[Logged[Flag]] = column(default=True)

    def settle(self) -> None:
        """Say whether the relation is the same from both sides."""
        self.symmetric = self.name == self.inverse_name and self.from_kind == self.to_kind

    @property
    def meaning(self) -> tuple[object, ...]:
        """What may not change once relations of the type exist."""
        return self.formal, self.symmetric, self.from_kind, self.to_kind

    def check(self, from_kind: ContactKind, to_kind: ContactKind) -> None:
        """Raise ``RelationJoinsOthers`` unless contacts of these kinds may stand on the two sides."""
        if not (self.from_kind.takes(from_kind) and self.to_kind.takes(to_kind)):
            raise RelationJoinsOthers(name=self.name, from_kind=self.from_kind, to_kind=self.to_kind)
