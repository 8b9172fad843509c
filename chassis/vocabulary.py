"""How a type annotation of the vocabulary is read: what it stores, what may be seen, what may be set."""

import dataclasses
import enum
import types
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from marshmallow import fields

AnyField = fields.Field[Any]


class Mark(enum.Enum):
    """What a model says about a column beside its kind."""

    READ_ONLY = "only the service itself may set it"
    INTERNAL = "never leaves the service"
    WRITE_ONLY = "comes in, never goes out"
    LOGGED = "each change is kept in the field history"
    ALIASED = "names a record that may be merged into another, and then names the one that is left"


class Public:
    """How a kind of value looks from outside: the field that checks it."""

    def __init__(self, field: Callable[..., AnyField], **options: Any) -> None:
        self.field, self.options = field, options

    def make(self, **options: Any) -> AnyField:
        """Return a new field of this kind."""
        return self.field(**self.options, **options)


@dataclasses.dataclass(frozen=True)
class Described:
    """One annotation, read."""

    python_type: type
    optional: bool
    marks: frozenset[Mark]
    public: Public | None
    item: "Described | None" = None

    @property
    def is_shape(self) -> bool:
        """Whether this is a nested object: a frozen dataclass of the same vocabulary, but not money."""
        return self.public is None and dataclasses.is_dataclass(self.python_type)

    @property
    def is_choice(self) -> bool:
        """Whether this is one member of an enumeration."""
        return issubclass(self.python_type, enum.Enum)


def describe(hint: Any) -> Described:
    """Read an annotation such as ``ReadOnly[Name] | None`` or ``list[EmailAddress]``."""
    optional, marks = False, []
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *extra = get_args(hint)
            marks += extra
        elif origin in (Union, types.UnionType):
            options = [option for option in get_args(hint) if option is not type(None)]
            optional = optional or len(options) < len(get_args(hint))
            if len(options) != 1:
                raise TypeError(f"{hint} is not of the vocabulary: one kind, or one kind or None")
            hint = options[0]
        else:
            break
    item = describe(get_args(hint)[0]) if origin in (list, tuple, frozenset) else None
    return Described(
        python_type=origin if isinstance(origin, type) else hint,
        optional=optional,
        marks=frozenset(mark for mark in marks if isinstance(mark, Mark)),
        public=next((mark for mark in marks if isinstance(mark, Public)), None),
        item=item,
    )


def hints_of(owner: type) -> Mapping[str, Any]:
    """Return the annotations of a class and its bases, with everything that is said in them."""
    return typing.get_type_hints(owner, include_extras=True)
