"""How the values of an event become JSON and come back, and the JSON Schema that says so.

A dataclass is read once and what its fields need is kept, because a subscriber decodes thousands a second.
"""

import dataclasses
import enum
import functools
import types
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from chassis.money import Money

T = TypeVar("T")
CONTACT: Final = "names a contact"


class WrongValue(Exception):
    """A value does not fit its field; the text names the field."""


@dataclass(frozen=True)
class Codec:
    """What one kind of value needs. ``contacts`` yields the contacts a value names."""

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]
    schema: Mapping[str, Any]
    sample: Any
    contacts: Callable[[Any], Iterator[uuid.UUID]] | None = None


def encode(value: Any) -> dict[str, Any]:
    """Return a dataclass as plain JSON values."""
    return {name: codec.encode(getattr(value, name)) for name, codec in _fields(type(value)).items()}


def decode(kind: type[T], data: Mapping[str, Any]) -> T:
    """Return a dataclass from plain JSON values. Raise ``WrongValue``; ignore unknown keys."""
    if not isinstance(data, Mapping):
        raise WrongValue("an object was expected")
    values = {}
    for name, codec in _fields(kind).items():
        if name in data:
            try:
                values[name] = codec.decode(data[name])
            except WrongValue as error:
                raise WrongValue(f"{name}.{error}") from None
            except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError) as error:
                raise WrongValue(f"{name}: {data[name]!r} does not fit ({error})") from error
    try:
        return kind(**values)
    except (TypeError, ValueError) as error:
        raise WrongValue(str(error)) from error


def names_contacts(kind: type) -> bool:
    """Whether any field of a dataclass names a contact."""
    return any(codec.contacts is not None for codec in _fields(kind).values())


def contacts(value: Any) -> tuple[uuid.UUID, ...]:
    """Return the contacts that a dataclass names, each once, in the order of its fields."""
    return tuple(dict.fromkeys(_contacts_of(value)))


def schema(kind: type) -> dict[str, Any]:
    """Return the JSON Schema of a dataclass."""
    required = [f.name for f in dataclasses.fields(kind) if not _has_default(f)]
    described: dict[str, Any] = {"type": "object"}
    if kind.__doc__ and not kind.__doc__.startswith(f"{kind.__name__}("):
        described["description"] = " ".join(kind.__doc__.split())
    described["properties"] = {name: dict(codec.schema) for name, codec in _fields(kind).items()}
    return described | ({"required": required} if required else {})


def sample(kind: type) -> dict[str, Any]:
    """Return made-up data in the shape of a dataclass, the same each time."""
    return {name: codec.sample for name, codec in _fields(kind).items()}


_known: dict[type, dict[str, Codec]] = {}


def _fields(kind: type) -> dict[str, Codec]:
    found = _known.get(kind)
    if found is None:
        hints = get_type_hints(kind, include_extras=True)
        found = _known[kind] = {f.name: _codec(hints[f.name]) for f in dataclasses.fields(kind)}
    return found


def _codec(hint: Any) -> Codec:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        inner = _codec(args[0])
        return dataclasses.replace(inner, contacts=_itself) if CONTACT in args[1:] else inner
    if origin in (Union, types.UnionType):
        return _optional([arg for arg in args if arg is not types.NoneType], len(args))
    if origin in (list, tuple, frozenset):
        return _sequence(origin, args[0])
    return _single(dict if origin in (dict, Mapping) or hint in (Any, object) else hint)


def _single(kind: Any) -> Codec:
    if isinstance(kind, type):
        if kind in _PLAIN:
            return _PLAIN[kind]
        if issubclass(kind, enum.Enum):
            return _enumeration(kind)
        if dataclasses.is_dataclass(kind):
            return _nested(kind)
    raise TypeError(f"an event cannot carry {kind!r}")


def _optional(kinds: list[Any], options: int) -> Codec:
    if len(kinds) != 1 or options == 1:
        raise TypeError(f"an event's field is of one kind or None, not {kinds!r}")
    inner = _codec(kinds[0])
    found = inner.contacts
    return Codec(
        lambda value: None if value is None else inner.encode(value),
        lambda value: None if value is None else inner.decode(value),
        _nullable(inner.schema),
        inner.sample,
        None if found is None else (lambda value: iter(()) if value is None else found(value)),
    )


def _nullable(inner: Mapping[str, Any]) -> dict[str, Any]:
    if "type" not in inner or "enum" in inner:
        return {"anyOf": [dict(inner), {"type": "null"}]}
    return {**inner, "type": [inner["type"], "null"]}


def _sequence(origin: Callable[[Any], Any], kind: Any) -> Codec:
    inner = _codec(kind)
    found = inner.contacts
    return Codec(
        lambda values: [inner.encode(value) for value in values],
        lambda values: origin(inner.decode(value) for value in _listed(values)),
        {"type": "array", "items": dict(inner.schema)},
        [inner.sample],
        None if found is None else (lambda values: (each for value in values for each in found(value))),
    )


def _listed(values: Any) -> list[Any]:
    if not isinstance(values, list):
        raise TypeError("a list was expected")
    return values


def _enumeration(kind: type[enum.Enum]) -> Codec:
    values = [member.value for member in kind]
    shape = {"type": "string", "enum": values} if all(isinstance(v, str) for v in values) else {"enum": values}
    return Codec(lambda value: kind(value).value, kind, shape, values[0])


def _nested(kind: type) -> Codec:
    found = _contacts_of if names_contacts(kind) else None
    return Codec(encode, functools.partial(decode, kind), schema(kind), sample(kind), found)


def _contacts_of(value: Any) -> Iterator[uuid.UUID]:
    for name, codec in _fields(type(value)).items():
        if codec.contacts is not None:
            yield from codec.contacts(getattr(value, name))


def _itself(value: uuid.UUID) -> Iterator[uuid.UUID]:
    yield value


def _has_default(f: "dataclasses.Field[Any]") -> bool:
    return f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING


def _same(value: Any) -> Any:
    return value


def _exactly(*kinds: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) not in kinds:
            raise TypeError(f"{' or '.join(kind.__name__ for kind in kinds)} was expected")
        return value

    return check


def _money(value: Mapping[str, str]) -> Money:
    return Money(Decimal(value["amount"]), value["currency"])


_AMOUNT = {"type": "string", "format": "decimal"}
_PLAIN: dict[type, Codec] = {
    str: Codec(_same, _exactly(str), {"type": "string"}, "text"),
    int: Codec(_same, _exactly(int), {"type": "integer"}, 1),
    float: Codec(_same, _exactly(float, int), {"type": "number"}, 1.5),
    bool: Codec(_same, _exactly(bool), {"type": "boolean"}, True),
    dict: Codec(_same, _same, {}, {}),
    uuid.UUID: Codec(str, uuid.UUID, {"type": "string", "format": "uuid"}, "0190c6f0-7d1a-7c3e-9b1f-0123456789ab"),
    Decimal: Codec(str, Decimal, _AMOUNT, "12.50"),
    datetime: Codec(
        datetime.isoformat,
        datetime.fromisoformat,
        {"type": "string", "format": "date-time"},
        "2026-11-02T09:30:00+00:00",
    ),
    date: Codec(date.isoformat, date.fromisoformat, {"type": "string", "format": "date"}, "2026-11-02"),
    Money: Codec(
        lambda money: {"amount": str(money.amount), "currency": money.currency},
        _money,
        {
            "type": "object",
            "properties": {
                "amount": {**_AMOUNT, "description": "Exact, as text."},
                "currency": {"type": "string", "minLength": 3, "maxLength": 3, "description": "By ISO 4217."},
            },
            "required": ["amount", "currency"],
        },
        {"amount": "1500.00", "currency": "EUR"},
    ),
}
