"""The kinds that a custom field may be of, in terms of the vocabulary."""

# ruff: noqa: ARG002 - marshmallow's own signatures

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from marshmallow import fields

from chassis import field_kinds as texts
from chassis import field_kinds_exact as exact
from chassis.field_kinds_nested import SetField
from chassis.vocabulary import AnyField

_LARGEST: Final = Decimal(10) ** 14


class NumberField(texts.Facts, fields.Float):
    """A JSON number, as precise as JSON readers make it; what must be exact is a decimal."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > _LARGEST:
            raise texts.failure("number")
        return value


class OptionField(texts.Facts, fields.String):
    """One of the values that the definition lists."""

    def __init__(self, options: Sequence[str], **kwargs: Any) -> None:
        self.options = tuple(options)
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in self.options:
            raise texts.failure("choice", choices=", ".join(self.options))
        return str(value)


KINDS: Final[Mapping[str, Callable[[Sequence[str]], AnyField]]] = {
    "text": lambda _: texts.TextField(most=255),
    "long_text": lambda _: texts.TextField(most=10_000, lines=True),
    "number": lambda _: NumberField(),
    "decimal": lambda _: exact.DecimalField(places=6, least=-_LARGEST, most=_LARGEST),
    "integer": lambda _: exact.WholeField(least=-(2**53), most=2**53),
    "flag": lambda _: exact.FlagField(),
    "day": lambda _: exact.DayField(),
    "instant": lambda _: exact.InstantField(),
    "choice": OptionField,
    "choices": lambda options: SetField(OptionField(options), most=100),
    "url": lambda _: texts.UrlField(most=2048),
    "email": lambda _: texts.EmailField(most=254),
    "phone": lambda _: texts.PhoneField(most=32),
}


def field_of(kind: str, options: Sequence[str]) -> AnyField:
    """Return the field that checks values of ``kind``. Raise ``ValueError`` for a kind that does not exist."""
    if kind not in KINDS:
        raise ValueError(f"{kind} is not a kind of custom field; the kinds are {', '.join(KINDS)}")
    return KINDS[kind](options)
