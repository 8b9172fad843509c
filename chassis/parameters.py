"""Settings of the installation that a service follows: as administration last told of them, or their defaults."""

import functools
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import orjson
import sqlalchemy as sa

from chassis.db.parameter_tables import known_parameters
from chassis.db.prepared import Prepared
from chassis.unit_of_work import UnitOfWork

V = TypeVar("V", int, str)


@dataclass(frozen=True)
class Parameter(Generic[V]):
    """One setting; ``default`` holds until somebody changes it."""

    key: str
    default: V


class ChangedParameter(Protocol):
    """What an event says that gives a setting another value."""

    @property
    def key(self) -> str:
        """Its name."""

    @property
    def value(self) -> Any:
        """What holds from now on, plain JSON."""


def keep(uow: UnitOfWork, event: ChangedParameter) -> None:
    """Take a setting in as it is now. Those that this service does not follow do no harm and are kept too."""
    table, connection = known_parameters(uow.metadata), uow.session.connection()
    connection.execute(sa.delete(table).where(table.c.key == event.key))
    connection.execute(sa.insert(table).values(key=event.key, value=orjson.dumps(event.value).decode()))


def value(uow: UnitOfWork, parameter: Parameter[V]) -> V:
    """Return the value that holds."""
    rows = _known(uow.metadata).rows(uow.session, {"key": parameter.key})
    held: V = orjson.loads(rows[0][0]) if rows else parameter.default
    return held


@functools.cache
def _known(metadata: sa.MetaData) -> Prepared:
    table = known_parameters(metadata)
    return Prepared(sa.select(table.c.value).where(table.c.key == sa.bindparam("key", type_=table.c.key.type)))
