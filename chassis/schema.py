"""Public shapes, derived from the models so that no field is written twice; loading and dumping through them."""

import functools
from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin

import sqlalchemy as sa
from marshmallow import Schema, ValidationError
from marshmallow.fields import Field
from sqlalchemy.orm import Mapped

from chassis import model as models
from chassis.db.json_values import MOST_ITEMS, JsonValues
from chassis.dumping import dumper
from chassis.errors import ValidationFailed
from chassis.field_factory import StrictSchema, field_for, shape_schema
from chassis.field_kinds_exact import FlagField, WholeField
from chassis.field_kinds_nested import ListField
from chassis.field_messages import errors_of
from chassis.loading import NotRight, loader
from chassis.vocabulary import AnyField, Described, Mark, describe, hints_of

__all__ = ["StrictSchema", "dump", "load", "schema_for", "shape_for"]

# The platform's columns come last, behind what the record is about.
_PLATFORM = (models.Aggregate, models.Owned, models.SoftDeleted, models.CustomFields)


def schema_for(
    model: type[models.Model], *, name: str | None = None, exclude: Iterable[str] = (), **computed: Any
) -> type[Schema]:
    """Build the public shape of ``model``.

    ``Internal`` columns stay inside, ``ReadOnly`` ones are dumped and never loaded, ``WriteOnly`` ones the other
    way round. ``computed`` adds properties that are no columns: ``full_name=ShortText`` (read only), or a
    marshmallow field. ``exclude`` leaves columns out; ``name`` names the schema when a model has several.
    """
    declared = {attribute: field_for(kind, **_presence(model, attribute, kind)) for attribute, kind in public(model)}
    for unwanted in exclude:
        del declared[unwanted]
    for attribute, what in computed.items():
        declared[attribute] = what if isinstance(what, Field) else field_for(describe(what), dump_only=True)
    return type(name or f"{model.__name__}Schema", (StrictSchema,), {"__doc__": model.__doc__, **declared})


def shape_for(shape: type) -> type[Schema]:
    """Build the public shape of a frozen dataclass whose attributes use the vocabulary. Loading answers a dict."""
    return shape_schema(shape)


def public(model: type[models.Model]) -> list[tuple[str, Described]]:
    """Return the attributes of ``model`` that are not internal, in the order in which they are shown."""
    found = {
        name: describe(get_args(hint)[0])
        for name, hint in hints_of(model).items()
        if get_origin(hint) is Mapped and not _is_relation(hint)
    }
    last = {name for mixin in _PLATFORM for name in getattr(mixin, "__annotations__", {})} - {"id"}
    order = [*(name for name in found if name not in last), *(name for name in found if name in last)]
    return [(name, found[name]) for name in order if Mark.INTERNAL not in found[name].marks]


def dump(shape: type[Schema], source: Any) -> dict[str, Any]:
    """Return ``source`` as JSON-ready values in the declared shape."""
    return dumper(shape)(source)


def load(
    shape: type[Schema], data: Any, *, locale: str = "en", partial: bool = False, parameters: bool = False
) -> dict[str, Any]:
    """Return ``data`` checked and in Python types. Raise ``ValidationFailed`` naming every wrong field.

    ``partial`` reads a merge patch: nothing is required, nested objects come out as ``Partial``. ``parameters``
    reads a query string: numbers and flags are text there, and errors name the parameter, not a pointer.
    """
    if not partial and not parameters and (fast := loader(shape)):
        try:
            return fast(data)
        except NotRight:
            pass  # what is wrong with it, all of it, is found below
    schema = _instance(shape)
    try:
        return dict(schema.load(_typed(schema, data) if parameters else data, partial=partial))
    except ValidationError as error:
        errors = errors_of(error, locale)
        if parameters:
            errors = [{"parameter": e["pointer"].strip("/"), "detail": e["detail"]} for e in errors]
        raise ValidationFailed(errors) from None


@functools.cache
def _instance(shape: type[Schema]) -> Schema:
    return shape()


def _is_relation(hint: Any) -> bool:
    kind = get_args(hint)[0]
    inner = [kind, *get_args(kind)]
    return any(isinstance(option, type) and issubclass(option, models.Model) for option in inner)


def _presence(model: type[models.Model], name: str, kind: Described) -> dict[str, Any]:
    column = model.__mapper__.columns.get(name)
    options: dict[str, Any] = {"required": not kind.optional}
    if isinstance(column, sa.Column):
        if column.default is not None or column.server_default is not None:
            options["required"] = False
        if isinstance(column.type, JsonValues) and column.type.most != MOST_ITEMS:
            options["most"] = column.type.most
        if column.doc:
            options["metadata"] = {"description": column.doc}
    return options


def _typed(schema: Schema, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(schema.fields.get(name), given) for name, given in parameters.items()}


def _value(field: AnyField | None, given: Any) -> Any:
    if isinstance(field, ListField):
        return [_value(field.inner, item) for item in (given if isinstance(given, list) else [given])]
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if isinstance(given, str):
        if isinstance(field, FlagField):
            return {"true": True, "false": False}.get(given, given)
        if isinstance(field, WholeField) and given.removeprefix("-").isdecimal() and given.isascii():
            return int(given[:20])
    return given
