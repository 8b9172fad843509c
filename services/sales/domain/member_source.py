"""Where the members of a campaign come from: a segment or a list of contacts."""

from dataclasses import dataclass
from typing import Literal, Self
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class MemberSource:
    """A segment or a list of people, by its id."""

    kind: Literal["segment", "list"]
    id: UUID

    @classmethod
    def named(cls, segment_id: UUID | None, list_id: UUID | None) -> Self | None:
        """Return the source that one of two ids names; ``None`` where there is neither."""
        if segment_id is not None:
            return cls(kind="segment", id=segment_id)
        return None if list_id is None else cls(kind="list", id=list_id)


@dataclass(frozen=True, kw_only=True)
class SourcePage:
    """The next people of a source, where to go on, and how many there are in all where that was asked."""

    person_ids: list[UUID]
    cursor: str | None
    total: int | None
