"""What every aggregate is made of."""

import enum
import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, declared_attr
from sqlalchemy.orm import mapped_column as column
from sqlalchemy.orm.base import NO_VALUE

from chassis.clock import utc_now
from chassis.context import Actor
from chassis.db import alias_tables, parameter_tables, tables
from chassis.db.json_values import JsonDocument, JsonValues
from chassis.events import Event
from chassis.fields import Count, Id, Instant, Internal, Logged, ReadOnly
from chassis.ids import new_id
from chassis.merge_patch import resolved

__all__ = [
    "Aggregate",
    "CustomFields",
    "Mapped",
    "Model",
    "Owned",
    "SoftDeleted",
    "column",
    "new_metadata",
]

NAMES = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
}


def new_metadata(*, aliases: bool = False, parameters: bool = False) -> sa.MetaData:
    """Return metadata with our constraint names and the platform's tables; each service has its own.

    ``aliases`` is for services that name records which may be merged, ``parameters`` for those that follow settings.
    """
    metadata = sa.MetaData(naming_convention=NAMES)
    tables.attach(metadata)
    if aliases:
        alias_tables.attach(metadata)
    if parameters:
        parameter_tables.attach(metadata)
    return metadata


class Model(DeclarativeBase):
    """Base of all mapped classes. Column defaults apply at birth, not at flush."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as it is
        enum.Enum: sa.Enum(
            enum.Enum,
            native_enum=False,
            length=32,
            values_callable=lambda members: [member.value for member in members],
        ),
    }

    def __init__(self, **values: Any) -> None:
        for name, default in _defaults(type(self)):
            if name not in values:
                setattr(self, name, default())
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no attribute {name}")
            setattr(self, name, value)

    def apply(self, changes: Mapping[str, Any]) -> None:
        """Set what a patch changes; parts of nested objects are merged into the present ones.

        Raises ``ValidationFailed`` where a nested object is not valid as a whole.
        """
        for name, value in changes.items():
            setattr(self, name, value)


@functools.cache
def _defaults(model: type[Model]) -> list[tuple[str, Callable[[], Any]]]:
    found: list[tuple[str, Callable[[], Any]]] = []
    for attribute in sa.inspect(model).column_attrs:
        default: Any = attribute.columns[0].default if isinstance(attribute.columns[0], sa.Column) else None
        if default is not None and (default.is_callable or default.is_scalar):
            argument = default.arg
            found.append(
                (
                    attribute.key,
                    functools.partial(argument, None) if default.is_callable else functools.partial(_same, argument),
                )
            )
    return found


def _same(value: Any) -> Any:
    return value


@sa.event.listens_for(Model, "attribute_instrument", propagate=True)
def _make_whole_and_seal(_cls: type[Model], _key: str, attribute: InstrumentedAttribute[Any]) -> None:
    """Let JSON attributes take part of a value from a patch, and refuse changes in place that nobody would save."""
    columns = getattr(attribute.property, "columns", None)
    if not columns or not isinstance(columns[0].type, JsonValues | JsonDocument):
        return
    kind = columns[0].type

    def whole_and_sealed(_target: Any, value: Any, old: Any, _initiator: Any) -> Any:
        return kind.sealed(resolved(value, None if old is NO_VALUE else old))

    sa.event.listen(attribute, "set", whole_and_sealed, retval=True, active_history=True)


class Aggregate:
    """A consistency boundary: loaded whole, changed by its own methods, saved whole.

    ``resource`` is its name in URLs, permissions and events (``people``). ``search_fields`` names the attributes
    whose words ``q=`` finds; a method ``search_text`` replaces it where the words need thought.
    """

    resource: ClassVar[str]
    search_fields: ClassVar[tuple[str, ...]] = ()

    id: Mapped[ReadOnly[Id]] = column(primary_key=True, default=new_id, sort_order=-1)
    version: Mapped[ReadOnly[Count]] = column(default=1, sort_order=90)
    created_at: Mapped[ReadOnly[Instant]] = column(default=utc_now, sort_order=91)
    updated_at: Mapped[ReadOnly[Instant]] = column(default=utc_now, onupdate=utc_now, sort_order=92)
    event_count: Mapped[Internal[Count]] = column(default=0, sort_order=93)

    def __init_subclass__(cls, **options: Any) -> None:
        if "__tablename__" in cls.__dict__ and (cls.search_fields or hasattr(cls, "search_text")):
            # Written by chassis.db.search when the aggregate is saved; never loaded.
            cls.search_document = column(  # type: ignore[attr-defined]
                "search_text", sa.Text, nullable=False, default="", server_default="", deferred=True
            )
        super().__init_subclass__(**options)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it with the class
        """Let SQLAlchemy notice when two writers race for one row."""
        return {"version_id_col": cls.version}

    def record(self, event: Event) -> None:
        """Remember that ``event`` happened; it leaves in the same transaction, numbered within this aggregate."""
        self.event_count += 1
        self.__dict__.setdefault("_recorded", []).append((self.event_count, event))

    def retell(self, change: Callable[[Event], Event]) -> None:
        """Change what was recorded and has not been handed over yet."""
        recorded: list[tuple[int, Event]] = self.__dict__.get("_recorded", [])
        recorded[:] = [(sequence, change(event)) for sequence, event in recorded]

    def collect_events(self) -> list[tuple[int, Event]]:
        """Hand over the recorded events with their sequence numbers, and forget them."""
        recorded: list[tuple[int, Event]] = self.__dict__.pop("_recorded", [])
        return recorded


class Owned:
    """A record that belongs to a user and was born in a group; the caller's scope decides who sees it."""

    owner_id: Mapped[Logged[Id] | None] = column(index=True, sort_order=80)
    group_id: Mapped[ReadOnly[Id] | None] = column(index=True, sort_order=81)

    def be_born_to(self, actor: Actor) -> None:
        """Belong to ``actor`` and to the actor's group, where nobody was named."""
        if self.owner_id is None:
            self.owner_id = actor.user_id
        if self.group_id is None:
            self.group_id = actor.group_id


class SoftDeleted:
    """A record that goes to the bin instead of away: hidden from lists, found by its id where asked for."""

    deleted_at: Mapped[ReadOnly[Instant] | None] = column(sort_order=94)

    @property
    def is_deleted(self) -> bool:
        """Whether the record is in the bin."""
        return self.deleted_at is not None

    def restore(self) -> None:
        """Take the record out of the bin; nothing happens to one that is not in it."""
        self.deleted_at = None


class CustomFields:
    """A record with fields that an installation added; ``chassis.custom_fields`` checks them when it is saved."""

    custom: Mapped[Logged[dict[str, Any]]] = column(JsonDocument, default=dict, sort_order=85)
