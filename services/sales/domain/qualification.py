"""Qualifying a lead: what must hold before, what is wanted, and how what is on file is completed, never replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from chassis.fields import Day, Flag, Id, Money, ShortText
from services.sales.domain.lead_contact import LeadCompany, LeadPerson


class Precondition(StrEnum):
    """What must hold before a lead is qualified."""

    PERSON = "person"
    REAL_CONTACT = "real-contact"
    INTEREST = "interest"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is wanted of the opportunity; without a name it is called like the lead."""

    name: ShortText | None = None
    pipeline_id: Id | None = None
    owner_id: Id | None = None
    amount: Money | None = None
    expected_close_on: Day | None = None
    allow_duplicate: Flag = False


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
