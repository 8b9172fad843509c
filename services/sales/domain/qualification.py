"""Qualifying a lead: what must hold before, what is wanted, and how what is on file is completed, never replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from chassis.fields import Count, Day, Flag, Id, Money, Name, ShortText
from services.sales.domain.lead_contact import LeadCompany, LeadPerson


class Precondition(StrEnum):
    """What must hold before a lead is qualified."""

    PERSON = "person"
    REAL_CONTACT = "real-contact"
    INTEREST = "interest"


class Touch(StrEnum):
    """What happened to an opportunity since a lead became it."""

    OPPORTUNITY = "opportunity"
    QUOTES = "quotes"
    ACTIVITIES = "activities"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is wanted of the opportunity; without a name it is called like the lead.

    With ``opportunity_id`` the lead joins one that is open, with ``without_opportunity`` there is none.
    """

    opportunity_id: Id | None = None
    without_opportunity: Flag = False
    name: ShortText | None = None
    pipeline_id: Id | None = None
    owner_id: Id | None = None
    amount: Money | None = None
    expected_close_on: Day | None = None
    allow_duplicate: Flag = False

    @property
    def opens_one(self) -> bool:
        """Whether a new opportunity is wanted."""
        return self.opportunity_id is None and not self.without_opportunity

    def contradiction(self) -> list[str]:
        """Return what is said of a new opportunity where none is wanted, or of another one where none at all is."""
        of_a_new_one = ("name", "pipeline_id", "owner_id", "amount", "expected_close_on")
        unfit = [] if self.opens_one else [name for name in of_a_new_one if getattr(self, name) is not None]
        return [*(["opportunity_id"] if self.opportunity_id and self.without_opportunity else []), *unfit]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a qualification did, and how everything was then: enough to undo it, and to see what was touched since.

    ``filled`` names the blank fields of an opportunity that took the lead's values, ``linked`` the lead's activities
    that belong to the opportunity since then. ``quotes`` and ``activities`` are the sums of their versions: whatever
    is added or changed makes them grow.
    """

    opened: Flag = True
    filled: list[Name] = field(default_factory=list)
    linked: list[Id] = field(default_factory=list)
    version: Count = 1
    quotes: Count = 0
    activities: Count = 0

    def touched(self, *, version: int, quotes: int, activities: int) -> list[Touch]:
        """Return what is otherwise than it was."""
        same = {
            Touch.OPPORTUNITY: version == self.version,
            Touch.QUOTES: quotes == self.quotes,
            Touch.ACTIVITIES: activities == self.activities,
        }
        return [touch for touch, untouched in same.items() if not untouched]


@dataclass(frozen=True, kw_only=True)
class LeadSheet:
    """What contacts is asked about: a copy of the lead, taken before anybody is asked."""

    lead_id: UUID
    person_id: UUID | None
    person: LeadPerson | None
    company_id: UUID | None
    company: LeadCompany | None
    interests: Sequence[str]
    owner_id: UUID | None
    group_id: UUID | None
    reached: bool

    @property
    def changes_contacts(self) -> bool:
        """Whether something may have to be written in contacts."""
        return bool(self.person or self.company or self.interests)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What contacts knows: the records, whether there was a real contact, which of the lead's interests exist."""

    person: Mapping[str, Any] | None
    company: Mapping[str, Any] | None
    real_contact: bool
    interests: frozenset[str] = frozenset()
    wanted_interests: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Who the lead's person and company are on file; ``kept`` names the values on file that the lead contradicts."""

    person_id: UUID
    company_id: UUID | None
    kept: list[str] = field(default_factory=list)


def unmet(sheet: LeadSheet, facts: Facts) -> list[Precondition]:
    """Return the preconditions that do not hold."""
    held = {
        Precondition.PERSON: facts.person is not None or (sheet.person_id is None and sheet.person is not None),
        Precondition.REAL_CONTACT: facts.real_contact or sheet.reached,
        Precondition.INTEREST: bool(facts.interests or facts.wanted_interests),
    }
    return [precondition for precondition, holds in held.items() if not holds]


def completed(record: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what ``given`` adds to the blank fields of ``record``, and the fields where it says something else."""
    patch, kept = {}, []
    for name, value in given.items():
        if not value:
            continue
        present = record.get(name)
        if not present:
            patch[name] = value
        elif not _says_the_same(present, value):
            kept.append(name)
    return patch, kept


def _says_the_same(present: Any, value: Any) -> bool:
    if isinstance(value, list):
        known = {_reach(item) for item in present}
        return all(_reach(item) in known for item in value)
    return str(present).casefold() == str(value).casefold()


def _reach(item: Mapping[str, Any]) -> str:
    return str(item.get("address") or item.get("number")).casefold()
