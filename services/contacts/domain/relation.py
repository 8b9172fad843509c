"""A relation: how two contacts belong together, from a day to a day."""

from datetime import date
from typing import ClassVar

from chassis.fields import AliasedId, Day, Flag, Id, Logged, LongText, ReadOnly, Slug
from chassis.indexes import ForeignKey, unique_where
from chassis.model import Aggregate, Mapped, column
from contracts.contacts import ContactKind, RelationAdded, RelationEnded
from services.contacts.domain.base import Model
from services.contacts.domain.relation_type import RelationType
from services.contacts.errors import EndsBeforeItStarts, RelatedToItself, RelationHasEnded


class Relation(Aggregate, Model):
    """Two contacts and what they are to each other. The same pair and type cannot last twice; what ended stays."""

    __tablename__ = "relations"
    resource: ClassVar = "relations"
    __table_args__ = (unique_where("uq_relations_lasting", "ends_on IS NULL", "type_id", "from_id", "to_id"),)

    type_id: Mapped[Id] = column(ForeignKey("relation_types.id"), index=True)
    from_id: Mapped[AliasedId] = column(index=True)
    from_kind: Mapped[ReadOnly[ContactKind]]
    to_id: Mapped[AliasedId] = column(index=True)
    to_kind: Mapped[ReadOnly[ContactKind]]
    slug: Mapped[ReadOnly[Slug]]
    formal: Mapped[ReadOnly[Flag]]
    starts_on: Mapped[Logged[Day] | None]
    ends_on: Mapped[ReadOnly[Day] | None]
    notes: Mapped[Logged[LongText] | None]

    def add(self, kind: RelationType) -> None:
        """Check a new relation against its type and tell of it. Raises ``RelatedToItself``, ``RelationJoinsOthers``.

        The two sides of a symmetric relation are put in one order, so that neither side can add it again.
        """
        if self.from_id == self.to_id:
            raise RelatedToItself
        kind.check(self.from_kind, self.to_kind)
        if kind.symmetric and self.to_id < self.from_id:
            self.from_id, self.to_id = self.to_id, self.from_id
            self.from_kind, self.to_kind = self.to_kind, self.from_kind
        self.slug, self.formal = kind.slug, kind.formal
        self.record(
            RelationAdded(
                relation_id=self.id,
                from_id=self.from_id,
                to_id=self.to_id,
                relation_type=self.slug,
                formal=self.formal,
            )
        )

    def end(self, on: date) -> None:
        """End the relation with the day ``on``. Raises ``RelationHasEnded``, ``EndsBeforeItStarts``."""
        if self.ends_on is not None:
            raise RelationHasEnded(ends_on=str(self.ends_on))
        if self.starts_on is not None and on < self.starts_on:
            raise EndsBeforeItStarts(starts_on=str(self.starts_on), ends_on=str(on))
        self.ends_on = on
        self.record(
            RelationEnded(
                relation_id=self.id,
                from_id=self.from_id,
                to_id=self.to_id,
                relation_type=self.slug,
                formal=self.formal,
                ends_on=on,
            )
        )
