"""Which events somebody wants: patterns of types as in AMQP, and conditions on what the event says."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from chassis.fields import ShortText
from chassis.routing_keys import fits
from services.notifications.errors import NoSuchMember, NotAnEventPattern

_PATTERN: Final = re.compile(r"crm(\.([a-z0-9_]+|\*|#))+")
_MEMBER: Final = re.compile(r"(subject|source|type|owner|group|actor\.(id|kind)|data(\.[a-z0-9_]+)+)")


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """One condition: the member of the envelope (``data.stage_id``, ``owner``) has one of these values."""

    member: ShortText
    values: list[ShortText]

    def lets_through(self, envelope: Mapping[str, Any]) -> bool:
        """Whether the event's member is one of the values; of a list, one of its items is enough."""
        found: Any = envelope
        for part in self.member.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        items = found if isinstance(found, list) else [found]
        return any(_text(item) in self.values for item in items)

    def naming(self, id_: str, also: str) -> Self:
        """Return the condition, which asks for ``also`` as well where it asks for ``id_``."""
        return replace(self, values=[*self.values, also]) if id_ in self.values and also not in self.values else self

    def naming_no_more(self, other: str, beside: str) -> Self:
        """Return the condition, which asks for ``other`` no longer where it asks for ``beside``."""
        return replace(self, values=[each for each in self.values if each != other]) if beside in self.values else self


def check_patterns(patterns: Iterable[str]) -> None:
    """Raise ``NotAnEventPattern`` for one that is not like ``crm.sales.*.v1`` or ``crm.#``."""
    for pattern in patterns:
        if not _PATTERN.fullmatch(pattern):
            raise NotAnEventPattern(pattern=pattern)


def check_filters(filters: Iterable[EventFilter]) -> None:
    """Raise ``NoSuchMember`` for a condition on something that no event has."""
    for each in filters:
        if not _MEMBER.fullmatch(each.member):
            raise NoSuchMember(member=each.member)


def wanted(patterns: Iterable[str], filters: Iterable[EventFilter], envelope: Mapping[str, Any]) -> bool:
    """Whether one of the patterns fits the event's type and every condition holds."""
    type_ = str(envelope["type"])
    return any(fits(pattern, type_) for pattern in patterns) and all(each.lets_through(envelope) for each in filters)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
