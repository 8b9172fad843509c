"""The fast way in: a schema's fields compiled into plain functions, once.

It only knows what right data becomes. Whatever is wrong, however little, marshmallow looks at again and finds every
error; so do patches and schemas with hooks. A test holds both ways to the same result.
"""

import functools
from collections.abc import Callable
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from chassis.field_kinds_nested import ListField, ShapeField
from chassis.vocabulary import AnyField

Load = Callable[[Any], dict[str, Any]]
Change = Callable[[Any], Any]
_HOOKS: Final = ("pre_load", "post_load", "validates", "validates_schema")


class NotRight(Exception):
    """The data is not right, or not for the fast way; marshmallow says which."""


@functools.cache
def loader(schema: type[Schema]) -> Load | None:
    """Return the function that turns right data into what ``schema().load`` would give, or None where there is none.

    It raises ``NotRight`` for anything else.
    """
    instance = schema()
    hooked = any(instance._hooks.get(hook) for hook in _HOOKS)  # noqa: SLF001 - marshmallow has no public question for it
    if hooked or instance.unknown != RAISE or any("." in (f.attribute or "") for f in instance.load_fields.values()):
        return None
    steps: dict[str, tuple[str, bool, Change]] = {}
    required, defaults = [], []
    for declared, field in instance.load_fields.items():
        name, attribute = field.data_key or declared, field.attribute or declared
        steps[name] = (attribute, bool(field.allow_none), _change(field))
        if field.required:
            required.append(name)
        elif field.load_default is not missing:
            defaults.append((name, attribute, field.load_default))
    return functools.partial(_load, steps, tuple(required), tuple(defaults))


def _load(
    steps: dict[str, tuple[str, bool, Change]],
    required: tuple[str, ...],
    defaults: tuple[tuple[str, str, Any], ...],
    data: Any,
) -> dict[str, Any]:
    if type(data) is not dict:
        raise NotRight
    loaded: dict[str, Any] = {}
    try:
        for name, value in data.items():
            attribute, may_be_none, change = steps[name]
            if value is not None:
                loaded[attribute] = change(value)
            elif may_be_none:
                loaded[attribute] = None
            else:
                raise NotRight
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise NotRight from error
    for name in required:
        if name not in data:
            raise NotRight
    for name, attribute, default in defaults:
        if name not in data:
            loaded[attribute] = default() if callable(default) else default
    return loaded


def _change(field: AnyField) -> Change:
    if not field.validators:
        if type(field) is ListField:
            return functools.partial(_list, _item(field.inner), field.most)
        if type(field) is ShapeField and (inner := loader(type(field.schema))):
            return functools.partial(_shape, field.shape, inner)
        if type(field) is fields.Nested and not (field.many or field.only or field.exclude):
            return loader(type(field.schema)) or functools.partial(_value, field)
    return functools.partial(_value, field)


def _item(field: AnyField) -> Change:
    change = _change(field)
    return functools.partial(_or_none, change) if field.allow_none else change


def _or_none(change: Change, value: Any) -> Any:
    return None if value is None else change(value)


def _value(field: AnyField, value: Any) -> Any:
    if value is None:
        raise NotRight
    output = field._deserialize(value, field.data_key or field.name, None)  # noqa: SLF001 - marshmallow's own extension point
    if field.validators:
        field._validate(output)  # noqa: SLF001 - as above
    return output


def _list(item: Change, most: int, value: Any) -> list[Any]:
    if type(value) is not list or len(value) > most:
        raise NotRight
    return [item(each) for each in value]


def _shape(shape: Callable[..., Any], load: Load, value: Any) -> Any:
    return shape(**load(value))
