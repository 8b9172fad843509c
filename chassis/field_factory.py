"""From an annotation of the vocabulary to the marshmallow field that checks and shows it."""

import dataclasses
import functools
from typing import Any

from marshmallow import RAISE, Schema

from chassis.db.json_values import MOST_ITEMS
from chassis.field_kinds_exact import ChoiceField, MoneyField
from chassis.field_kinds_nested import DocumentField, ListField, ShapeField
from chassis.money import Money
from chassis.vocabulary import AnyField, Described, Mark, describe, hints_of


class StrictSchema(Schema):
    """A schema that refuses keys it does not know."""

    class Meta:
        unknown = RAISE


def field_for(kind: Described, *, most: int = MOST_ITEMS, **options: Any) -> AnyField:
    """Return a new field for ``kind``. Raise ``TypeError`` for an annotation that is not of the vocabulary."""
    options.setdefault("allow_none", kind.optional)
    if Mark.READ_ONLY in kind.marks:
        options |= {"dump_only": True, "required": False}
    if Mark.WRITE_ONLY in kind.marks:
        options["load_only"] = True
    if kind.public is not None:
        return kind.public.make(**options)
    if kind.item is not None:
        return ListField(field_for(kind.item), most=most, **options)
    if kind.is_choice:
        return ChoiceField(kind.python_type, **options)
    if kind.python_type is Money:
        return MoneyField(**options)
    if kind.is_shape:
        return ShapeField(kind.python_type, shape_schema(kind.python_type), **options)
    if kind.python_type is dict:
        return DocumentField(**options)
    raise TypeError(f"{kind.python_type} is not of the vocabulary; see chassis.fields")


@functools.cache
def shape_schema(shape: type) -> type[Schema]:
    """Return the schema of a frozen dataclass whose attributes use the vocabulary. Loading answers a dict."""
    hints = hints_of(shape)
    declared: dict[str, AnyField] = {}
    for member in dataclasses.fields(shape):
        kind = describe(hints[member.name])
        if Mark.INTERNAL not in kind.marks:
            declared[member.name] = field_for(kind, **_presence(member))
    return type(f"{shape.__name__}Schema", (StrictSchema,), {"__doc__": shape.__doc__, **declared})


def _presence(member: "dataclasses.Field[Any]") -> dict[str, Any]:
    if member.default_factory is not dataclasses.MISSING:
        return {"load_default": member.default_factory}
    if member.default is not dataclasses.MISSING:
        return {"load_default": member.default}
    return {"required": True}
