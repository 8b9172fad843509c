"""The kinds of custom fields, and what their definitions must respect."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from marshmallow import ValidationError
from sqlalchemy import String
from sqlalchemy.orm import mapped_column

from chassis import field_kinds as texts
from chassis import field_kinds_exact as exact
from chassis.fields import Name
from chassis.vocabulary import AnyField, Public

_LARGEST: Final = Decimal(10) ** 14
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


class FieldKind(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLAG = "flag"
    DAY = "day"
    INSTANT = "instant"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    CHOICE = "choice"
    CHOICES = "choices"


class FieldNameField(texts.TextField):
    """The name of a custom field in JSON: small letters, digits and underscores."""

    facts: ClassVar = {"pattern": "^[a-z][a-z0-9_]*$", "example": "favourite_colour"}

    def tidy(self, value: str) -> str:
        """Check the alphabet; nothing is changed."""
        if not _NAME.fullmatch(value):
            raise texts.failure("invalid")
        return value


FieldName = Annotated[str, mapped_column(String(64)), Public(FieldNameField, least=1, most=64)]


@dataclass(frozen=True)
class Labels:
    """What people read, in both languages."""

    es: Name
    en: Name


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: Name
    labels: Labels


_PLAIN: Final[dict[FieldKind, AnyField]] = {
    FieldKind.TEXT: texts.TextField(most=255),
    FieldKind.LONG_TEXT: texts.TextField(most=10_000, lines=True),
    FieldKind.INTEGER: exact.WholeField(least=-exact.LARGEST_COUNT),
    FieldKind.DECIMAL: exact.DecimalField(places=4, least=-_LARGEST, most=_LARGEST),
    FieldKind.FLAG: exact.FlagField(),
    FieldKind.DAY: exact.DayField(),
    FieldKind.INSTANT: exact.InstantField(),
    FieldKind.EMAIL: texts.EmailField(most=254),
    FieldKind.PHONE: texts.PhoneField(most=32),
    FieldKind.URL: texts.UrlField(most=2048),
}


def problems(kind: FieldKind, options: Sequence[Option], default: Any) -> list[tuple[str, str, str]]:
    """Return what does not make sense in a definition: pointer, English and Spanish sentence."""
    found = []
    chooses = kind in {FieldKind.CHOICE, FieldKind.CHOICES}
    values = [option.value for option in options]
    if chooses and not values:
        found.append(("/options", "Name what can be chosen.", "Indique qué se puede elegir."))
    if values and not chooses:
        found.append(("/options", "Only choices have options.", "Solo las elecciones tienen opciones."))
    if len(set(values)) < len(values):
        found.append(("/options", "Each value may appear once.", "Cada valor puede aparecer una vez."))
    if default is not None and not _fits(kind, values, default):
        found.append(("/default", "This does not fit the field.", "Esto no encaja en el campo."))
    return found


def _fits(kind: FieldKind, values: Sequence[str], default: Any) -> bool:
    if kind is FieldKind.CHOICE:
        return default in values
    if kind is FieldKind.CHOICES:
        return isinstance(default, list) and all(item in values for item in default)
    try:
        _PLAIN[kind].deserialize(default)
    except ValidationError:
        return False
    return True
