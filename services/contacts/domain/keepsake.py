"""Records and their fields as plain values, kept so that what was changed can be put back."""

from collections.abc import Iterable
from typing import Any, TypeVar, get_args, get_origin

from chassis.model import Mapped, Model
from chassis.shapes import packer, unpacker
from chassis.vocabulary import hints_of

M = TypeVar("M", bound=Model)


def plain(record: Model, name: str) -> Any:
    """Return what a record says in one field, as JSON has it."""
    value = getattr(record, name)
    pack = packer(_kind(type(record), name))
    return value if value is None or pack is None else pack(value)


def value(model: type[Model], name: str, kept: Any) -> Any:
    """Return the value of a field that ``plain`` gave."""
    unpack = unpacker(_kind(model, name))
    return kept if kept is None or unpack is None else unpack(kept)


def keepsake(record: Model) -> dict[str, Any]:
    """Return a whole record as plain values."""
    return {name: plain(record, name) for name in _columns(type(record))}


def revived(model: type[M], kept: dict[str, Any]) -> M:
    """Return the record of which ``keepsake`` was made."""
    return model(**{name: value(model, name, kept[name]) for name in _columns(model) if name in kept})


def _columns(model: type[Model]) -> Iterable[str]:
    return [name for name, hint in hints_of(model).items() if get_origin(hint) is Mapped]


def _kind(model: type[Model], name: str) -> Any:
    return get_args(hints_of(model)[name])[0]
