"""The fast way out: a schema's fields compiled into plain functions, once.

marshmallow stays the contract; a test holds both ways to the same result. Whatever is not of our vocabulary, and
every schema with hooks, goes through marshmallow itself.
"""

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import Schema, fields, missing

from chassis.field_kinds import TextField
from chassis.field_kinds_exact import (
    ChoiceField,
    DayField,
    DecimalField,
    FlagField,
    IdField,
    InstantField,
    MoneyField,
    WholeField,
    plain_decimal,
    plain_money,
)
from chassis.field_kinds_nested import DocumentField, ListField, ShapeField
from chassis.vocabulary import AnyField

Dump = Callable[[Any], dict[str, Any]]
Change = Callable[[Any], Any]
_HOOKS: Final = ("pre_dump", "post_dump")


@functools.cache
def dumper(schema: type[Schema]) -> Dump:
    """Return the function that turns an object into the JSON-ready dict that ``schema().dump`` would give."""
    instance = schema()
    if any(instance._hooks.get(hook) for hook in _HOOKS):  # noqa: SLF001 - marshmallow has no public question for it
        return instance.dump
    fast, slow = [], []
    for name, field in instance.dump_fields.items():
        key, attribute = field.data_key or name, field.attribute or name
        change = _change(field)
        if change is _UNKNOWN or "." in attribute:
            slow.append((key, attribute, field))
        else:
            fast.append((key, attribute, change))
    order = tuple(field.data_key or name for name, field in instance.dump_fields.items())
    return functools.partial(_dump, tuple(fast), tuple(slow), order, instance)


def _dump(
    fast: tuple[tuple[str, str, Change | None], ...],
    slow: tuple[tuple[str, str, AnyField], ...],
    order: tuple[str, ...],
    schema: Schema,
    source: Any,
) -> dict[str, Any]:
    # What is loaded stands in the instance's dict; going there directly saves SQLAlchemy's descriptors.
    state = source if isinstance(source, dict) else getattr(source, "__dict__", _NOTHING)
    plain: dict[str, Any] = {}
    for key, attribute, change in fast:
        try:
            value = state[attribute]
        except KeyError:
            value = _fallback(source, attribute)
            if value is missing:
                continue
        plain[key] = value if change is None or value is None else change(value)
    if not slow:
        return plain
    for key, attribute, field in slow:
        value = field.serialize(attribute, source, accessor=schema.get_attribute)
        if value is not missing:
            plain[key] = value
    return {key: plain[key] for key in order if key in plain}


_NOTHING: Mapping[str, Any] = {}


def _fallback(source: Any, attribute: str) -> Any:
    return missing if isinstance(source, dict) else getattr(source, attribute, missing)


def _instant(value: dt.datetime) -> str:
    # What the database answers is UTC already, and saying so costs less than converting.
    if value.tzinfo is not dt.UTC:
        value = value.astimezone(dt.UTC)
    return value.isoformat()[:-6] + "Z"


def _unknown(_value: Any) -> Any:
    raise AssertionError("a field outside the vocabulary is dumped by marshmallow")


_UNKNOWN: Final[Change] = _unknown
_PLAIN: Final = (WholeField, FlagField, DocumentField)


def _change(field: AnyField) -> Change | None:
    kind = type(field)
    if field.dump_default is not missing:
        return _UNKNOWN
    if kind in _PLAIN or issubclass(kind, TextField):
        return None
    if kind is DecimalField:
        return functools.partial(_decimal, field.places)  # type: ignore[attr-defined]
    if kind is ListField:
        return _each(field)
    if kind is ShapeField:
        nested: type[Schema] = type(field.schema)  # type: ignore[attr-defined]
        return dumper(nested)
    return _CHANGES.get(kind, _UNKNOWN)


def _each(field: AnyField) -> Change | None:
    assert isinstance(field, fields.List)
    change = _change(field.inner)
    if change is None or change is _UNKNOWN:
        return list if change is None else _UNKNOWN
    return lambda items: [item if item is None else change(item) for item in items]


def _decimal(places: int, value: Any) -> str:
    return plain_decimal(value, places)


_CHANGES: Final[Mapping[type, Change]] = {
    IdField: uuid.UUID.__str__,
    InstantField: _instant,
    DayField: dt.date.isoformat,
    ChoiceField: lambda member: member.value,
    MoneyField: plain_money,
}
