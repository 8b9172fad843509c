"""A relation as it is seen from one of its two sides."""

from dataclasses import dataclass

from chassis.fields import Count, Day, Flag, Id, LongText, Name, ShortText, Slug
from contracts.contacts import ContactKind


@dataclass(frozen=True, kw_only=True)
class RelationView:
    """What the other contact is to this one, named from this side: *Luis* sees "reports to Ana"."""

    id: Id
    version: Count
    type_id: Id
    type: Slug
    name: Name
    formal: Flag
    inverse: Flag
    other_id: Id
    other_kind: ContactKind
    other_name: ShortText | None
    hidden: Flag
    starts_on: Day | None
    ends_on: Day | None
    notes: LongText | None
