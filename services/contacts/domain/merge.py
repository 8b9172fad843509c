"""A merge: several records of one contact became one, and what is needed to make them several again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from chassis.db.json_values import JsonDocument
from chassis.fields import Flag, Id, Instant, Internal, LongText, Name, ReadOnly, Slug, values
from chassis.model import Aggregate, Mapped, column
from contracts.contacts import ContactKind, ContactMerged, ContactUnmerged
from services.contacts.domain.base import Model
from services.contacts.domain.field_choices import Record

MOST: Final = 10  # records that are merged into one at once
# Who keeps what names contacts, and says so when it names the one that is left.
FOLLOWERS: Final = ("cases", "notifications", "sales")


@dataclass(frozen=True, kw_only=True)
class MergeConflict:
    """What both had and only one could keep: ``ids`` are the records that were put aside, or the contacts at odds.

    Without any, rows of that resource keep to the old id, beside the same of the survivor.
    """

    kind: Slug
    ids: list[Id]


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """What another service made of the merge, or with ``undone`` of its undoing."""

    service: Name
    at: Instant
    undone: Flag
    moved: dict[str, Any]
    stayed: dict[str, Any]


class ContactMerge(Aggregate, Model):
    """``moved`` counts the records of this service that name the survivor now; ``followed`` says how far others got."""

    __tablename__ = "contact_merges"
    resource: ClassVar = "contact-merges"

    kind: Mapped[ReadOnly[ContactKind]]
    survivor_id: Mapped[ReadOnly[Id]] = column(index=True)
    absorbed_ids: Mapped[ReadOnly[list[Id]]] = values(Id, most=MOST)
    reason: Mapped[ReadOnly[LongText] | None]
    field_choices: Mapped[ReadOnly[dict[str, Any]]] = column(
        JsonDocument, default=dict, doc="Whose value a field has that changed."
    )
    conflicts: Mapped[ReadOnly[list[MergeConflict]]] = values(MergeConflict)
    moved: Mapped[ReadOnly[dict[str, Any]]] = column(JsonDocument, default=dict)
    followed: Mapped[ReadOnly[list[Acknowledgement]]] = values(Acknowledgement)
    merged_by: Mapped[ReadOnly[Id] | None]
    undone_at: Mapped[ReadOnly[Instant] | None]
    undone_by: Mapped[ReadOnly[Id] | None]
    undone_because: Mapped[ReadOnly[LongText] | None]
    memory: Mapped[Internal[dict[str, Any]]] = column(JsonDocument, default=dict)

    @property
    def waiting_for(self) -> list[str]:
        """Which services have not said yet that they followed."""
        done = {each.service for each in self.followed if each.undone == (self.undone_at is not None)}
        return [service for service in FOLLOWERS if service not in done]

    def tell(self, survivor: Record) -> None:
        """Tell of the merge; nothing else is told but another language of the survivor."""
        self.record(
            ContactMerged(
                merge_id=self.id,
                kind=self.kind,
                survivor_id=self.survivor_id,
                absorbed_ids=list(self.absorbed_ids),
                display_name=survivor.display_name,
                links=list(survivor.links),
                field_choices=dict(self.field_choices),
                conflicts=[conflict.kind for conflict in self.conflicts],
            )
        )

    def undo(self, by: UUID | None, at: datetime, because: str | None) -> None:
        """Note that the records are several again, and tell of it."""
        self.undone_at, self.undone_by, self.undone_because = at, by, because
        self.record(
            ContactUnmerged(
                merge_id=self.id,
                kind=self.kind,
                survivor_id=self.survivor_id,
                absorbed_ids=list(self.absorbed_ids),
            )
        )

    def acknowledge(
        self, service: str, at: datetime, *, undone: bool, moved: Mapping[str, int], stayed: Mapping[str, int]
    ) -> None:
        """Note what another service made of it; the last word counts."""
        others: Sequence[Acknowledgement] = [
            each for each in self.followed if (each.service, each.undone) != (service, undone)
        ]
        said = Acknowledgement(service=service, at=at, undone=undone, moved=dict(moved), stayed=dict(stayed))
        self.followed = [*others, said]
