"""A small model with one column of every kind, for the tests of the data side."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from chassis import fields, model
from chassis.db.filters import filters_for
from chassis.fields import (
    Count,
    Country,
    Day,
    Email,
    Flag,
    Id,
    Instant,
    Internal,
    Logged,
    LongText,
    Name,
    Percentage,
    Phone,
    Quantity,
    ReadOnly,
    ShortText,
    Url,
    Whole,
    WriteOnly,
    value,
    values,
)
from chassis.model import Aggregate, CustomFields, Mapped, Owned, SoftDeleted, column
from chassis.money import Money
from chassis.schema import schema_for


class Base(model.Model):
    __abstract__ = True
    metadata = model.new_metadata()


class Kind(StrEnum):
    WORK = "work"
    HOME = "home"


@dataclass(frozen=True)
class EmailAddress:
    """An address and what it is for."""

    address: Email
    kind: Kind = Kind.WORK
    note: ShortText | None = None


@dataclass(frozen=True)
class Address:
    """Where somebody lives."""

    street: ShortText
    city: ShortText | None = None
    country: Country = "ES"
    since: Day | None = None
    deposit: fields.Money | None = None


class Person(Owned, SoftDeleted, CustomFields, Aggregate, Base):
    """Somebody."""

    __tablename__ = "sample_people"
    resource: ClassVar[str] = "people"
    search_fields: ClassVar = ("first_name", "last_name", "tags")

    first_name: Mapped[Logged[Name]]
    last_name: Mapped[Logged[Name]] = column(default="")
    notes: Mapped[Logged[LongText] | None]
    born_on: Mapped[Day | None]
    met_at: Mapped[Instant | None]
    kind: Mapped[Kind] = column(default=Kind.WORK)
    active: Mapped[Flag] = column(default=True)
    rank: Mapped[Count | None]
    balance: Mapped[Whole] = column(default=0)
    share: Mapped[Percentage | None]
    weight: Mapped[Quantity | None]
    email: Mapped[Email | None]
    phone: Mapped[Phone | None]
    site: Mapped[Url | None]
    manager_id: Mapped[Id | None]
    emails: Mapped[Logged[list[EmailAddress]]] = values(EmailAddress)
    tags: Mapped[list[ShortText]] = values(ShortText, most=5)
    address: Mapped[Address | None] = value(Address)
    worth: Mapped[Logged[Money] | None] = fields.money("worth")
    fee: Mapped[Money] = fields.money("fee")
    score: Mapped[ReadOnly[Count]] = column(default=7)
    secret: Mapped[Internal[ShortText] | None]
    password: Mapped[WriteOnly[ShortText] | None]

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


PersonSchema = schema_for(Person, full_name=ShortText)
PERSON_FILTERS = filters_for(Person)


def person(first_name: str = "Ana", **attributes: object) -> Person:
    """Return somebody who is valid."""
    return Person(**{"first_name": first_name, "fee": Money(Decimal(1), "EUR"), **attributes})
