"""A person: somebody we deal with, wherever they work."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from chassis.fields import Day, Logged, Name, ShortText
from chassis.model import Mapped, column
from contracts.contacts import ContactKind
from services.contacts.domain.base import Model
from services.contacts.domain.contact import Contact
from services.contacts.domain.employment import EmploymentCard
from services.contacts.domain.matching import Keys, person_keys
from services.contacts.domain.tax_id import normal_tax_id
from services.contacts.domain.weight import Weight


class BuyingRole(StrEnum):
    """What a person means for a purchase."""

    DECISION_MAKER = "decision_maker"
    INFLUENCER = "influencer"
    USER = "user"
    GATEKEEPER = "gatekeeper"
    BLOCKER = "blocker"


class Attitude(StrEnum):
    """How a person stands towards us."""

    FOR = "for"
    NEUTRAL = "neutral"
    AGAINST = "against"


class Person(Contact, Model):
    """A person. ``personal_id`` is the DNI, NIE, passport or other identifier that ``country`` gave them."""

    __tablename__ = "people"
    resource: ClassVar = "people"
    kind: ClassVar = ContactKind.PERSON
    search_fields: ClassVar = ("display_name", "personal_id", "search_words", "city")

    first_name: Mapped[Logged[Name]] = column(sort_order=2)
    last_name: Mapped[Logged[Name] | None] = column(sort_order=3, index=True)
    salutation: Mapped[Logged[Name] | None] = column(sort_order=4)
    job_title: Mapped[Logged[ShortText] | None] = column(sort_order=5)
    personal_id: Mapped[Logged[Name] | None] = column(sort_order=6)
    birth_on: Mapped[Logged[Day] | None] = column(sort_order=7)
    buying_role: Mapped[Logged[BuyingRole] | None] = column(sort_order=50)
    attitude: Mapped[Logged[Attitude] | None] = column(sort_order=51)
    influence: Mapped[Logged[Weight] | None] = column(sort_order=52, doc="From 1, little, to 100.")

    def showing(self, employments: Sequence[EmploymentCard]) -> Self:
        """Return the person with where they work, for the answer; nothing of it is saved with the person."""
        self.__dict__["employments"] = list(employments)
        return self

    def called(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name or ''}".strip()

    @property
    def search_words(self) -> str:
        """What else the person is found by: addresses and numbers."""
        return " ".join([*(email.address for email in self.emails), *(phone.number for phone in self.phones)])

    def profile(self) -> tuple[object, ...]:
        """Return the facts that a complete profile has."""
        return (*super().profile(), self.last_name, self.personal_id, self.buying_role, self.attitude)

    def settle(self) -> None:
        """Bring what follows from other fields up to date; also the written form of the identifier."""
        if self.personal_id and self.country:
            self._put("personal_id", normal_tax_id(self.personal_id, self.country))
        super().settle()

    def match_keys(self, company_ids: list[UUID], /) -> Keys:
        """Return what the person is recognised by."""
        return person_keys(
            first_name=self.first_name,
            last_name=self.last_name,
            personal_id=self.personal_id,
            country=self.country,
            emails=self.emails,
            phones=self.phones,
            addresses=self.addresses,
            company_ids=company_ids,
        )
