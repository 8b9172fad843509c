"""The kinds of custom fields, and what their definitions must respect."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from marshmallow import ValidationError

from chassis.custom_field_kinds import field_of
from chassis.fields import Name

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


class FieldKind(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    FLAG = "flag"
    DAY = "day"
    INSTANT = "instant"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    CHOICE = "choice"
    CHOICES = "choices"


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


def problems(name: str, kind: FieldKind, options: Sequence[Option], default: Any) -> list[tuple[str, str, str]]:
    """Return what does not make sense in a definition: pointer, English and Spanish sentence."""
    found = []
    if not _NAME.fullmatch(name):
        found.append(
            (
                "/name",
                "Use small letters of a to z, digits and underscores, a letter first.",
                "Use letras minúsculas de la a a la z, cifras y guiones bajos; primero una letra.",
            )
        )
    chooses = kind in {FieldKind.CHOICE, FieldKind.CHOICES}
    values = [option.value for option in options]
    if chooses and not values:
        found.append(("/options", "Name what can be chosen.", "Indique qué se puede elegir."))
    if values and not chooses:
        found.append(("/options", "Only choices have options.", "Solo las elecciones tienen opciones."))
    if len(set(values)) < len(values):
        found.append(("/options", "Each value may appear once.", "Cada valor puede aparecer una vez."))
    if not _fits(kind, options, default):
        found.append(("/default", "This does not fit the field.", "Esto no encaja en el campo."))
    return found


def canonical(kind: FieldKind, options: Sequence[Option], default: Any) -> Any:
    """Return a default in the form in which records keep it. Raise ``ValidationError`` where it does not fit."""
    if default is None:
        return None
    checker = field_of(kind.value, [option.value for option in options])
    return checker._serialize(checker.deserialize(default), "", None)  # noqa: SLF001 - marshmallow's extension point


def _fits(kind: FieldKind, options: Sequence[Option], default: Any) -> bool:
    try:
        canonical(kind, options, default)
    except ValidationError:
        return False
    return True
