"""Events that the cases service tells about case types."""

from dataclasses import dataclass
from uuid import UUID

from chassis.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseTypeVersionActivated(Event, source="cases", public=True):
    """Something else holds for a type from now on, and for those below it that do not say otherwise.

    ``changed`` names what; it is empty for the first version. Open cases keep to theirs until told to follow.
    """

    case_type_id: UUID
    slug: str
    number: int
    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class CaseTypePropagated(Event, source="cases", public=True):
    """Open cases of a type and of those below it follow its latest version; ``changed`` of ``examined`` did by it."""

    case_type_id: UUID
    slug: str
    examined: int
    changed: int
