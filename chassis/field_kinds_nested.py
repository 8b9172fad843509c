"""Kinds of values that hold others: lists, value objects, and the free object of custom fields."""

# ruff: noqa: ARG002 - marshmallow's own signatures

from collections.abc import Hashable
from typing import Any, ClassVar, Final

import orjson
from marshmallow import RAISE, Schema, ValidationError, fields

from chassis.field_kinds import Facts, failure
from chassis.merge_patch import Partial
from chassis.vocabulary import AnyField

LARGEST_DOCUMENT: Final = 64 * 1024
DEEPEST_DOCUMENT: Final = 6


class ListField(Facts, fields.List[Any]):
    """A list of at most ``most`` values of one kind."""

    def __init__(self, inner: AnyField, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(inner, facts={"maxItems": most}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise failure("list")
        if len(value) > self.most:
            raise failure("too_many_items", max=self.most)
        kwargs.pop("partial", None)  # a merge patch replaces lists whole
        loaded, wrong = [], {}
        for index, item in enumerate(value):
            try:
                loaded.append(self.inner.deserialize(item, **kwargs))
            except ValidationError as error:
                wrong[index] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return loaded


class SetField(ListField):
    """A list in which each value may appear once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        loaded = super()._deserialize(value, attr, data, **kwargs)
        seen: set[Hashable] = set(loaded)
        if len(seen) < len(loaded):
            raise failure("duplicate_items")
        return loaded


class ShapeField(Facts, fields.Nested):
    """A nested object; loading builds the value object, loading a patch answers a ``Partial`` of it."""

    def __init__(self, shape: type, schema: type[Schema], **kwargs: Any) -> None:
        self.shape = shape
        super().__init__(schema, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any = None, partial: Any = None, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise failure("object")
        schema: Schema = self.schema
        if partial:
            named = {key: member for key, member in value.items() if member is not None}
            schema.load(named, partial=True, unknown=RAISE)
            return Partial(self, self.name or "", value)
        loaded = schema.load(value, unknown=RAISE)
        try:
            return self.shape(**loaded)
        except ValueError:
            raise failure("invalid") from None


class DocumentField(Facts, fields.Dict):
    """An object with free keys, within bounds of size and depth."""

    facts: ClassVar = {"additionalProperties": True}

    def _deserialize(self, value: Any, attr: str | None, data: Any = None, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise failure("object")
        if _depth(value) > DEEPEST_DOCUMENT:
            raise failure("json_too_deep")
        try:
            size = len(orjson.dumps(value))
        except TypeError:  # lone surrogates, numbers beyond 64 bits
            raise failure("invalid") from None
        if size > LARGEST_DOCUMENT:
            raise failure("json_too_large", max=LARGEST_DOCUMENT)
        return Partial(self, self.name or "", value) if kwargs.get("partial") else value


def _depth(value: object, level: int = 0) -> int:
    if level > DEEPEST_DOCUMENT:
        return level
    if isinstance(value, dict):
        return max((_depth(member, level + 1) for member in value.values()), default=level + 1)
    if isinstance(value, list):
        return max((_depth(member, level + 1) for member in value), default=level + 1)
    return level
