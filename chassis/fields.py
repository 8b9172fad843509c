"""The vocabulary of columns.

One name says everything about a kind of value: the Python type, the SQL type, how a value from outside is checked
and tidied, whether the public sees or sets it, and what OpenAPI says of it.
"""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from sqlalchemy import Boolean, Date, Integer, String, Text, Uuid
from sqlalchemy.orm import mapped_column

from chassis import field_kinds as texts
from chassis import field_kinds_exact as exact
from chassis.db.exact_decimal import ExactDecimal
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import value, values
from chassis.db.money_columns import money
from chassis.merge_patch import Partial
from chassis.money import Money as _Money
from chassis.vocabulary import Mark, Public

__all__ = [
    "AliasedId",
    "Count",
    "Country",
    "CurrencyCode",
    "Day",
    "Email",
    "Flag",
    "Id",
    "Instant",
    "Internal",
    "LocaleCode",
    "Logged",
    "LongText",
    "Money",
    "Name",
    "Partial",
    "Percentage",
    "Phone",
    "Quantity",
    "ReadOnly",
    "ShortText",
    "Slug",
    "TimeZoneName",
    "Title",
    "Url",
    "Whole",
    "WriteOnly",
    "money",
    "value",
    "values",
]

T = TypeVar("T")

ReadOnly = Annotated[T, Mark.READ_ONLY]
Internal = Annotated[T, Mark.INTERNAL]
WriteOnly = Annotated[T, Mark.WRITE_ONLY]
Logged = Annotated[T, Mark.LOGGED]

# Ids and choices; AliasedId names a record that may be merged into another (chassis.aliases)
Id = Annotated[uuid.UUID, mapped_column(Uuid), Public(exact.IdField)]
AliasedId = Annotated[uuid.UUID, mapped_column(Uuid), Public(exact.IdField), Mark.ALIASED]
Flag = Annotated[bool, mapped_column(Boolean), Public(exact.FlagField)]

# Texts
Name = Annotated[str, mapped_column(String(120)), Public(texts.TextField, least=1, most=120)]
Title = Annotated[str, mapped_column(String(255)), Public(texts.TextField, least=1, most=255)]
ShortText = Annotated[str, mapped_column(String(255)), Public(texts.TextField, most=255)]
LongText = Annotated[str, mapped_column(Text), Public(texts.TextField, most=10_000, lines=True)]
Email = Annotated[str, mapped_column(String(254)), Public(texts.EmailField, most=254)]
Phone = Annotated[str, mapped_column(String(32)), Public(texts.PhoneField, most=32)]
Url = Annotated[str, mapped_column(String(2048)), Public(texts.UrlField, most=2048)]
Slug = Annotated[str, mapped_column(String(64)), Public(texts.SlugField, least=1, most=64)]
Country = Annotated[str, mapped_column(String(2)), Public(texts.CountryField, least=2, most=2)]
CurrencyCode = Annotated[str, mapped_column(String(3)), Public(texts.CurrencyField, least=3, most=3)]
LocaleCode = Annotated[str, mapped_column(String(16)), Public(texts.LocaleField, least=2, most=16)]
TimeZoneName = Annotated[str, mapped_column(String(64)), Public(texts.TimeZoneField, least=1, most=64)]

# Time
Instant = Annotated[datetime, mapped_column(UtcDateTime), Public(exact.InstantField)]
Day = Annotated[date, mapped_column(Date), Public(exact.DayField)]

# Numbers: Count from zero up, Whole of either sign, the decimals exact on every database
Count = Annotated[int, mapped_column(Integer), Public(exact.WholeField)]
Whole = Annotated[int, mapped_column(Integer), Public(exact.WholeField, least=-exact.LARGEST_COUNT)]
Percentage = Annotated[
    Decimal,
    mapped_column(ExactDecimal(5, 2)),
    Public(exact.DecimalField, places=2, least=Decimal(0), most=Decimal(100)),
]
Quantity = Annotated[
    Decimal,
    mapped_column(ExactDecimal(18, 4)),
    Public(exact.DecimalField, places=4, least=-(Decimal(10) ** 14), most=Decimal(10) ** 14),
]
# A nested amount, in a value object; a column of money is declared with ``money(name)``.
Money = Annotated[_Money, Public(exact.MoneyField)]


def _vocabulary() -> dict[str, Any]:
    return {name: hint for name, hint in globals().items() if name in __all__ and hasattr(hint, "__metadata__")}
