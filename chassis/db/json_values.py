"""Value objects in a column: one of them, or a list, kept as JSON."""

# ruff: noqa: ARG001, ARG002 - SQLAlchemy's own signatures

from typing import Any, Final, NoReturn, TypeVar

from sqlalchemy import JSON, Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

from chassis.shapes import packer, unpacker

T = TypeVar("T")
MOST_ITEMS: Final = 100

JSON_DOCUMENT: Final = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _document_type(dialect: Dialect) -> Any:
    return dialect.type_descriptor(
        JSONB(none_as_null=True) if dialect.name == "postgresql" else JSON(none_as_null=True)
    )


def _sealed(self: object, *_: object, **__: object) -> NoReturn:
    raise TypeError("assign a new list or dict to the attribute: changes inside it would not be saved")


class Values(list[T]):
    """A list that was stored. It refuses to be changed in place, because nobody would notice and save it."""

    __slots__ = ()
    append = extend = insert = remove = pop = clear = sort = reverse = _sealed
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _sealed

    def __reduce__(self) -> tuple[type[list[T]], tuple[list[T]]]:
        """Copy and pickle as a plain list."""
        return list, (list(self),)


class Document(dict[str, Any]):
    """A JSON object that was stored; like ``Values`` it is replaced, not changed in place."""

    __slots__ = ()
    pop = popitem = update = clear = setdefault = _sealed
    __setitem__ = __delitem__ = __ior__ = _sealed

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        """Copy and pickle as a plain dict."""
        return dict, (dict(self),)


class JsonValues(TypeDecorator[Any]):
    """A JSON column of one value of ``shape``, or of a list of them where ``many``."""

    impl = JSON
    cache_ok = True

    def __init__(self, shape: Any, *, many: bool, most: int = MOST_ITEMS) -> None:
        super().__init__(none_as_null=True)
        self.shape, self.many, self.most = shape, many, most
        self._pack, self._unpack = packer(shape), unpacker(shape)

    @property
    def python_type(self) -> type:
        """The type of the attribute."""
        return list if self.many else object

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Return JSONB on PostgreSQL, JSON text on SQLite."""
        return _document_type(dialect)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return plain JSON values."""
        pack = self._pack
        if value is None or pack is None:
            return value
        return [pack(item) for item in value] if self.many else pack(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the value objects."""
        unpack = self._unpack
        if value is None:
            return None
        if self.many:
            return Values(value if unpack is None else map(unpack, value))
        return value if unpack is None else unpack(value)

    def sealed(self, value: Any) -> Any:
        """Return ``value`` as it would come back from the database."""
        return Values(value) if self.many and value is not None and not isinstance(value, Values) else value


class JsonDocument(TypeDecorator[Any]):
    """A JSON column of one object with free keys."""

    impl = JSON
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(none_as_null=True)

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Return JSONB on PostgreSQL, JSON text on SQLite."""
        return _document_type(dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the object, sealed."""
        return None if value is None else Document(value)

    def sealed(self, value: Any) -> Any:
        """Return ``value`` as it would come back from the database."""
        return Document(value) if type(value) is dict else value


def values(shape: Any, *, most: int = MOST_ITEMS, **options: Any) -> MappedColumn[Any]:
    """Map a list of value objects onto one JSON column; empty at birth.

    ``shape`` is a frozen dataclass whose attributes use the vocabulary, or a kind of the vocabulary itself.
    """
    return mapped_column(JsonValues(shape, many=True, most=most), default=list, nullable=False, **options)


def value(shape: Any, **options: Any) -> MappedColumn[Any]:
    """Map one value object onto one JSON column."""
    return mapped_column(JsonValues(shape, many=False), **options)
