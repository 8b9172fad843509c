"""The fields that cases of a type have beside those that every case has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError

from chassis.custom_field_kinds import field_of
from chassis.errors import ValidationFailed
from chassis.field_kinds import failure
from chassis.field_messages import errors_of
from chassis.fields import Flag, Name
from chassis.translated import Translated
from services.cases.domain.field_name import FieldName


class FieldKind(StrEnum):
    """What a field holds."""

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


@dataclass(frozen=True, kw_only=True)
class TypeField:
    """One field of a type and of the types below it. A required one is demanded when a case is created."""

    name: FieldName
    label: Translated
    kind: FieldKind = FieldKind.TEXT
    required: Flag = False
    options: list[Name] = field(default_factory=list)

    def plain(self, value: Any) -> Any:
        """Return a value in its canonical form. Raises marshmallow's ``ValidationError``."""
        checker = field_of(self.kind.value, self.options)
        return checker._serialize(checker.deserialize(value), "", None)  # noqa: SLF001 - marshmallow's own extension point


def filled_in(
    fields: Iterable[TypeField], given: Mapping[str, Any], before: Mapping[str, Any], locale: str
) -> dict[str, Any]:
    """Return the values of a type's fields: ``given`` over ``before``, null removes.

    Raises ``ValidationFailed`` pointing at ``/fields/<name>`` for each one that is missing, unknown or wrong.
    """
    known = {each.name: each for each in fields}
    errors: dict[str, Any] = {}
    settled = {name: value for name, value in before.items() if name not in given}
    for name, value in given.items():
        if name not in known:
            errors[name] = failure("unknown").messages
        elif value is not None:
            try:
                settled[name] = known[name].plain(value)
            except ValidationError as error:
                errors[name] = error.messages
    for name, each in known.items():
        if each.required and name not in settled and name not in errors:
            errors[name] = failure("required").messages
    if errors:
        raise ValidationFailed(errors_of(ValidationError(errors), locale, prefix="/fields"))
    return settled
