"""JSON Merge Patch (RFC 7396): what changes is named, null removes, lists are replaced whole."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from chassis.context import current_call
from chassis.errors import ValidationFailed
from chassis.field_messages import errors_of, escaped


def merge(target: object, patch: object) -> Any:
    """Return ``target`` as ``patch`` changes it. Neither is touched."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


class Partial:
    """Part of an object value, as a patch sends it: it becomes whole when it meets the value that it changes.

    A schema that loads partially answers one of these for a nested object. Setting it on an aggregate's
    attribute merges it into the present value and checks the whole.
    """

    __slots__ = ("field", "name", "patch")

    def __init__(self, field: "fields.Field[Any]", name: str, patch: Mapping[str, Any]) -> None:
        self.field, self.name, self.patch = field, name, patch

    def applied_to(self, current: object) -> Any:
        """Return the whole new value. Raise ``ValidationFailed`` where the whole is not valid."""
        before = {} if current is None else self.field._serialize(current, self.name, None)  # noqa: SLF001 - marshmallow's own extension point
        try:
            return self.field.deserialize(merge(before, self.patch), self.name)
        except ValidationError as error:
            locale = current_call.get().locale
            raise ValidationFailed(errors_of(error, locale, prefix=f"/{escaped(self.name)}")) from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Partial) and (self.name, self.patch) == (other.name, other.patch)

    def __hash__(self) -> int:
        return hash(self.name)


def resolved(value: object, current: object) -> Any:
    """Return ``value``, made whole with ``current`` where it is part of an object only."""
    return value.applied_to(current) if isinstance(value, Partial) else value
