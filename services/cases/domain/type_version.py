"""The versions of a case type: what held for it at a time. Cases keep to theirs until they are told to follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from chassis.fields import Count, Id, Instant, Name, Slug, value
from chassis.ids import new_id
from chassis.indexes import unique
from chassis.model import Mapped, column
from chassis.translated import Translated
from services.cases.domain.base import Model
from services.cases.domain.case_type import SCALARS, CaseType, EffectiveType


class TypeVersion(Model):
    """What held for a type from an instant on, inherited values included. Never changed."""

    __tablename__ = "case_type_versions"
    __table_args__ = (unique("type_id", "number"),)

    id: Mapped[Id] = column(primary_key=True, default=new_id)
    type_id: Mapped[Id]
    number: Mapped[Count]
    holds: Mapped[EffectiveType] = value(EffectiveType)
    valid_from: Mapped[Instant]
    made_by: Mapped[Id | None]


@dataclass(frozen=True, kw_only=True)
class TypeVersionCard:
    """One version, and how many open cases keep to it."""

    number: Count
    valid_from: Instant
    made_by: Id | None
    holds: EffectiveType
    open_cases: Count


@dataclass(frozen=True, kw_only=True)
class AffectedType:
    """A type for which something else holds, what that is, and how many open cases it has."""

    type_id: Id
    slug: Slug
    name: Translated
    attributes: list[Name]
    open_cases: Count


@dataclass(frozen=True, kw_only=True)
class OverridingType:
    """A type below that says something itself, and so does not follow the one above."""

    type_id: Id
    slug: Slug
    name: Translated
    attributes: list[Name]


@dataclass(frozen=True, kw_only=True)
class TypePreview:
    """What a change of a type would come to. Open cases keep to their version until it is propagated to them."""

    open_cases: Count
    affected: list[AffectedType]
    overriding: list[OverridingType]


@dataclass(frozen=True, kw_only=True)
class Propagation:
    """What was done: which types below gave up what of their own, and the job that has open cases follow."""

    reset: list[OverridingType]
    open_cases: Count
    job_id: Id | None


def differing(before: EffectiveType, after: EffectiveType) -> list[str]:
    """Return the names of what holds otherwise; where a type lies in the tree is no matter of its own."""
    names = [each.name for each in fields(EffectiveType) if each.name != "path"]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def overridden(found: CaseType, above: Mapping[str, object], attributes: Sequence[str]) -> list[str]:
    """Return which attributes a type says itself; a field only where ``above`` has one of the same name."""
    own = [name for name in attributes if name in SCALARS and getattr(found, name) is not None]
    if "fields" in attributes and any(each.name in above for each in found.fields):
        own.append("fields")
    return own


def inherit(found: CaseType, above: Mapping[str, object], attributes: Sequence[str]) -> list[str]:
    """Have a type say these no longer, so that they hold as above; returns which it had said itself."""
    given_up = overridden(found, above, attributes)
    for name in given_up:
        if name == "fields":
            found.fields = [each for each in found.fields if each.name not in above]
        else:
            setattr(found, name, None)
    return given_up
