"""Rows of several contacts that become one: which of them say the same, and what is left of each such pair."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.contacts.domain.employment import Employment
from services.contacts.domain.interest import ContactInterest
from services.contacts.domain.relation import Relation

Row = Employment | Relation | ContactInterest


@dataclass(frozen=True)
class RowChange:
    """A row that stays and says something else in one field."""

    row: Row
    field: str
    value: Any


@dataclass
class Folding:
    """What is to happen: ``aside`` lists, by the reason, rows that have no place any more and are kept for later."""

    aside: dict[str, list[Row]] = field(default_factory=dict)
    changes: list[RowChange] = field(default_factory=list)

    def put_aside(self, because: str, row: Row) -> None:
        """Take a row out of sight."""
        self.aside.setdefault(because, []).append(row)

    def change(self, row: Row, name: str, value: Any) -> None:
        """Have a row that stays say something else; the last word counts."""
        self.changes = [each for each in self.changes if (each.row, each.field) != (row, name)]
        if getattr(row, name) != value:
            self.changes.append(RowChange(row, name, value))

    def now(self, row: Row, name: str) -> Any:
        """Return what a row is going to say."""
        said = (each.value for each in self.changes if (each.row, each.field) == (row, name))
        return next(said, getattr(row, name))


def fold_relations(plan: Folding, rows: Sequence[Relation], merged: set[UUID], symmetric: set[UUID]) -> None:
    """Relations between the merged become void; those to the same other contact become one, with the widest dates."""

    def same(row: Relation) -> Any:
        sides = tuple(None if side in merged else side for side in (row.from_id, row.to_id))
        return (row.type_id, frozenset(sides) if row.type_id in symmetric else sides)

    for row in rows:
        if {row.from_id, row.to_id} <= merged:
            plan.put_aside("relation-between", row)
    _fold(plan, "relation", [row for row in rows if not {row.from_id, row.to_id} <= merged], same)


def fold_employments(plan: Folding, rows: Sequence[Employment], merged: set[UUID]) -> None:
    """The same role of a person at a company is one employment, with the widest dates, and one is the primary one."""

    def same(row: Employment) -> Any:
        return (*(None if side in merged else side for side in (row.person_id, row.company_id)), row.role)

    kept = _fold(plan, "employment", rows, same)
    primaries: dict[UUID | None, Employment] = {}
    for row in kept:
        if plan.now(row, "primary"):
            person = None if row.person_id in merged else row.person_id
            if primaries.setdefault(person, row) is not row:
                plan.change(row, "primary", value=False)


def fold_interests(plan: Folding, rows: Sequence[ContactInterest]) -> None:
    """The same interest is one, of the greater weight."""
    kept: dict[UUID, ContactInterest] = {}
    for row in rows:
        keeper = kept.setdefault(row.interest_id, row)
        if keeper is not row:
            plan.put_aside("interest", row)
            plan.change(keeper, "weight", max(plan.now(keeper, "weight"), row.weight))


def _fold(plan: Folding, because: str, rows: Iterable[Any], same: Callable[[Any], Any]) -> list[Any]:
    kept: list[Any] = []
    for row in rows:
        keeper = next((each for each in kept if same(each) == same(row) and _overlap(plan, each, row)), None)
        if keeper is None:
            kept.append(row)
            continue
        plan.put_aside(because, row)
        starts, ends = (plan.now(keeper, "starts_on"), row.starts_on), (plan.now(keeper, "ends_on"), row.ends_on)
        plan.change(keeper, "starts_on", min((day for day in starts if day), default=None))
        plan.change(keeper, "ends_on", None if None in ends else max(day for day in ends if day))
        if isinstance(keeper, Employment):
            plan.change(keeper, "primary", value=plan.now(keeper, "primary") or row.primary)
    return kept


def _overlap(plan: Folding, one: Any, other: Any) -> bool:
    begins, ends = plan.now(one, "starts_on") or date.min, plan.now(one, "ends_on") or date.max
    return bool(begins <= (other.ends_on or date.max) and (other.starts_on or date.min) <= ends)
