"""An employment: a person works for a company, in a role, for a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from chassis.fields import AliasedId, Day, Flag, Id, Logged, Name, ShortText
from chassis.indexes import ForeignKey
from chassis.model import Aggregate, Mapped, column
from contracts.contacts import EmploymentChanged, EmploymentEnded, EmploymentStarted
from services.contacts.domain.base import Model
from services.contacts.errors import EndsBeforeItStarts


@dataclass(frozen=True, kw_only=True)
class EmploymentCard:
    """An employment as a person's record shows it."""

    id: Id
    company_id: Id
    company_name: ShortText
    role: Name | None
    department: Name | None
    primary: Flag
    starts_on: Day | None
    ends_on: Day | None


@dataclass(frozen=True, kw_only=True)
class NewEmployment:
    """An employment as it is sent together with a new person."""

    company_id: Id
    role: Name | None = None
    department: Name | None = None
    primary: Flag = False
    starts_on: Day | None = None
    ends_on: Day | None = None


class Employment(Aggregate, Model):
    """Who works where. A person may have several; at most one is the primary one."""

    __tablename__ = "employments"
    resource: ClassVar = "employments"

    person_id: Mapped[AliasedId] = column(ForeignKey("people.id"), index=True)
    company_id: Mapped[AliasedId] = column(ForeignKey("companies.id"), index=True)
    role: Mapped[Logged[Name] | None]
    department: Mapped[Logged[Name] | None]
    primary: Mapped[Logged[Flag]] = column(default=False)
    starts_on: Mapped[Logged[Day] | None]
    ends_on: Mapped[Logged[Day] | None] = column(doc="The last day; null while it lasts.")

    def start(self) -> None:
        """Tell of a new employment. Raises ``EndsBeforeItStarts``."""
        self._check()
        self.record(
            EmploymentStarted(
                employment_id=self.id,
                person_id=self.person_id,
                company_id=self.company_id,
                role=self.role,
                starts_on=self.starts_on,
            )
        )

    def change(self, changes: Mapping[str, Any]) -> None:
        """Apply a patch and tell what it changed. Raises ``EndsBeforeItStarts``."""
        before = {name: getattr(self, name) for name in changes}
        self.apply(changes)
        self._check()
        changed = sorted(name for name, old in before.items() if getattr(self, name) != old)
        if "ends_on" in changed and self.ends_on is not None:
            self._tell_end(self.ends_on)
        elif changed:
            self.record(
                EmploymentChanged(
                    employment_id=self.id,
                    person_id=self.person_id,
                    company_id=self.company_id,
                    role=self.role,
                    changed=changed,
                )
            )

    def end(self, on: date) -> None:
        """End the employment with the day ``on``; one that has ended stays as it is. Raises ``EndsBeforeItStarts``."""
        if self.ends_on is None:
            self.ends_on = on
            self.primary = False
            self._check()
            self._tell_end(on)

    def lasts(self, on: date) -> bool:
        """Whether it has not ended before the day ``on``."""
        return self.ends_on is None or self.ends_on >= on

    def naming(self, person_name: str, company_name: str) -> Self:
        """Return the employment with the names of both sides, for the answer."""
        self.__dict__.update(person_name=person_name, company_name=company_name)
        return self

    def card(self, company_name: str) -> EmploymentCard:
        """Return the employment as the person's record shows it."""
        return EmploymentCard(
            id=self.id,
            company_id=self.company_id,
            company_name=company_name,
            role=self.role,
            department=self.department,
            primary=self.primary,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )

    def _check(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise EndsBeforeItStarts(starts_on=str(self.starts_on), ends_on=str(self.ends_on))

    def _tell_end(self, on: date) -> None:
        self.record(
            EmploymentEnded(
                employment_id=self.id,
                person_id=self.person_id,
                company_id=self.company_id,
                role=self.role,
                ends_on=on,
            )
        )
