"""Kinds of values that are not text: ids, numbers, instants, days, flags, choices, money."""

# ruff: noqa: ARG002 - marshmallow's own signatures

import enum
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from marshmallow import ValidationError, fields

from chassis.field_kinds import Facts, failure
from chassis.ids import parse_id
from chassis.iso_codes import CURRENCIES, minor_units
from chassis.merge_patch import Partial
from chassis.money import LARGEST_AMOUNT, Money

LARGEST_COUNT: Final = 2**31 - 1
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONEY_MEMBERS: Final = ["amount", "currency"]
_DECIMAL: Final = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_DECIMAL_PATTERN: Final = r"^-?[0-9]{1,14}(\.[0-9]{1,6})?$"


class IdField(Facts, fields.UUID):
    """An id, in the usual form of 36 characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> uuid.UUID:
        found = parse_id(value) if isinstance(value, str) else None
        if found is None:
            raise failure("uuid")
        return found


class WholeField(Facts, fields.Integer):
    """A whole number between two bounds."""

    def __init__(self, *, least: int = 0, most: int = LARGEST_COUNT, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(facts={"minimum": least, "maximum": most}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, float) and value.is_integer():  # JSON does not know 1.0 from 1
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise failure("integer")
        if value < self.least:
            raise failure("too_small", min=self.least)
        if value > self.most:
            raise failure("too_big", max=self.most)
        return value


class DecimalField(Facts, fields.String):  # a string by the wire's measure, a Decimal by ours
    """An exact decimal number, text on the wire so that no JSON reader turns it into a float."""

    facts: ClassVar = {"format": "decimal", "pattern": _DECIMAL_PATTERN}

    def __init__(self, *, places: int, least: Decimal, most: Decimal, **kwargs: Any) -> None:
        self.places, self.least, self.most = places, least, most
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = decimal_of(value)
        if number < self.least:
            raise failure("too_small", min=self.least)
        if number > self.most:
            raise failure("too_big", max=self.most)
        if places_of(number) > self.places:
            raise failure("places", places=self.places)
        return number.quantize(Decimal(1).scaleb(-self.places)) + 0

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else plain_decimal(value, self.places)


class InstantField(Facts, fields.AwareDateTime):
    """An instant, RFC 3339 with its offset; kept and shown in UTC."""

    facts: ClassVar = {"format": "date-time", "example": "2026-01-31T09:30:00Z"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            try:
                return datetime.fromisoformat(value.upper()).astimezone(UTC)
            except (ValueError, OverflowError):
                pass
        raise failure("instant")

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else plain_instant(value)


class DayField(Facts, fields.Date):
    """A day of the calendar, without a time zone."""

    facts: ClassVar = {"format": "date", "example": "2026-01-31"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise failure("day")


class FlagField(Facts, fields.Boolean):
    """True or false; nothing else is taken for one of them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise failure("flag")
        return value


class ChoiceField(Facts, fields.Enum[Any]):
    """One member of an enumeration, by its value."""

    def __init__(self, choices: type[enum.Enum], **kwargs: Any) -> None:
        self.members: Mapping[object, enum.Enum] = {member.value: member for member in choices}
        facts = {"type": "string"}
        super().__init__(enum=choices, by_value=True, facts=facts, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> enum.Enum:
        member = self.members.get(value) if isinstance(value, str | int) else None
        if member is None or isinstance(value, bool):
            raise failure("choice", choices=", ".join(str(known) for known in self.members))
        return member


class MoneyField(Facts, fields.Dict):
    """``{"amount": "12.50", "currency": "EUR"}``; the amount is never a float."""

    facts: ClassVar = {
        "properties": {
            "amount": {"type": "string", "format": "decimal", "pattern": _DECIMAL_PATTERN, "example": "12.50"},
            "currency": {"type": "string", "pattern": "^[A-Za-z]{3}$", "example": "EUR"},
        },
        "required": _MONEY_MEMBERS,
        "additionalProperties": False,
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise failure("object")
        if kwargs.get("partial") and len(value) < len(_MONEY_MEMBERS):
            return Partial(self, self.name or "", value)
        wrong = {key: failure("unknown") for key in value if key not in _MONEY_MEMBERS}
        wrong |= {key: failure("required") for key in _MONEY_MEMBERS if key not in value}
        if wrong:
            raise members_failure(wrong)
        return Money(_amount(value), _currency(value))

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else plain_money(value)


def members_failure(wrong: Mapping[str, ValidationError]) -> ValidationError:
    """Return one error that speaks about several members of an object."""
    return ValidationError({name: error.messages for name, error in wrong.items()})


def decimal_of(value: object) -> Decimal:
    """Return the decimal number written in ``value``. Raise a field error where there is none."""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise failure("decimal")
    return Decimal(value)


def places_of(number: Decimal) -> int:
    """Return how many decimal places ``number`` needs; zeros at the end do not count."""
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def plain_decimal(value: Decimal, places: int) -> str:
    """Return ``value`` as text with exactly ``places`` decimal places and no exponent."""
    return format(value, f".{places}f")


def plain_instant(value: datetime) -> str:
    """Return ``value`` as RFC 3339 text in UTC, ending in ``Z``."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def plain_money(value: Money) -> dict[str, str]:
    """Return ``value`` as the JSON object that stands for it."""
    return {"amount": format(value.amount, "f"), "currency": value.currency}


def _currency(value: Mapping[str, Any]) -> str:
    code = value["currency"]
    if not isinstance(code, str) or code.upper() not in CURRENCIES:
        raise members_failure({"currency": failure("currency")})
    return code.upper()


def _amount(value: Mapping[str, Any]) -> Decimal:
    currency = _currency(value)
    try:
        amount = decimal_of(value["amount"])
        if abs(amount) > LARGEST_AMOUNT:
            raise failure("too_big", max=LARGEST_AMOUNT)
        if places_of(amount) > minor_units(currency):
            raise failure("places", places=minor_units(currency))
    except ValidationError as error:
        raise members_failure({"amount": error}) from None
    return amount
