"""Value objects as JSON documents: packing into plain values for storage, and rebuilding."""

import dataclasses
import enum
import functools
import uuid
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from chassis.money import Money
from chassis.vocabulary import Described, describe, hints_of

Change = Callable[[Any], Any]


@functools.cache
def packer(shape: Any) -> Change | None:
    """Return the function that turns a value of this annotation into plain JSON values; None where it is plain."""
    return _packer(describe(shape))


@functools.cache
def unpacker(shape: Any) -> Change | None:
    """Return the function that rebuilds a value of this annotation; None where the plain value is the value.

    Keys that the shape no longer has are passed over, keys that it did not have yet take their defaults.
    """
    return _unpacker(describe(shape))


_TO_PLAIN: dict[type, Change] = {
    uuid.UUID: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    Decimal: str,
    Money: lambda money: {"amount": str(money.amount), "currency": money.currency},
}

_FROM_PLAIN: dict[type, Change] = {
    uuid.UUID: uuid.UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: Decimal,
    Money: lambda plain: Money(Decimal(plain["amount"]), plain["currency"]),
}


def _packer(kind: Described) -> Change | None:
    if kind.item is not None:
        return _each(_packer(kind.item))
    if kind.is_choice:
        return lambda member: member.value
    if kind.is_shape:
        members = tuple(
            (field.name, packer(hints_of(kind.python_type)[field.name]))
            for field in dataclasses.fields(kind.python_type)
        )
        return functools.partial(_pack_shape, members)
    return _TO_PLAIN.get(kind.python_type)


def _pack_shape(members: tuple[tuple[str, Change | None], ...], value: Any) -> dict[str, Any]:
    plain = {}
    for name, change in members:
        member = getattr(value, name)
        plain[name] = member if change is None or member is None else change(member)
    return plain


def _unpacker(kind: Described) -> Change | None:
    if kind.item is not None:
        return _each(_unpacker(kind.item))
    if kind.is_choice:
        known: dict[object, enum.Enum] = {member.value: member for member in kind.python_type}  # type: ignore[attr-defined]
        return known.__getitem__
    if kind.is_shape:
        hints = hints_of(kind.python_type)
        members = tuple((field.name, unpacker(hints[field.name])) for field in dataclasses.fields(kind.python_type))
        return functools.partial(_unpack_shape, kind.python_type, members)
    return _FROM_PLAIN.get(kind.python_type)


def _unpack_shape(shape: type, members: tuple[tuple[str, Change | None], ...], plain: dict[str, Any]) -> Any:
    known = {}
    for name, change in members:
        if name in plain:
            member = plain[name]
            known[name] = member if change is None or member is None else change(member)
    return shape(**known)


def _each(change: Change | None) -> Change:
    if change is None:
        return list
    return lambda items: [item if item is None else change(item) for item in items]
