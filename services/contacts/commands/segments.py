"""Everything a user can do to a segment."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.segment import Segment
from services.contacts.errors import SegmentIsIncluded
from services.contacts.queries import segments


def create_segment(uow: UnitOfWork, **attributes: Any) -> Segment:
    """Save a rule under a name. Raises ``ValidationFailed`` pointing at what is wrong in the filter."""
    segment = Segment(**attributes)
    segments.condition(uow, segment.kind, segment.filter)
    return uow.add(segment)


def update_segment(uow: UnitOfWork, segment_id: UUID, changes: Mapping[str, Any]) -> Segment:
    """Change a segment; a new filter replaces the old one whole. Raises as ``create_segment``, ``VersionConflict``."""
    segment = uow.change(Segment, segment_id)
    if "filter" in changes:
        segments.condition(uow, segment.kind, changes["filter"])
    segment.apply(changes)
    return segment


def delete_segment(uow: UnitOfWork, segment_id: UUID) -> None:
    """Forget a segment; its members stay what they are. Raises ``SegmentIsIncluded`` while a list includes it."""
    segment = uow.change(Segment, segment_id)
    if count := segments.lists_with(uow, segment_id):
        raise SegmentIsIncluded(count=count)
    uow.remove(segment)
