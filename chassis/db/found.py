"""Whole records found by a prepared question: SQLAlchemy puts its own loading together anew each time."""

import functools
from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, make_transient_to_detached
from sqlalchemy.orm.base import instance_state

from chassis.db.prepared import Prepared, Row, Values
from chassis.model import Model

Records: TypeAlias = tuple[Model | None, ...]


def is_plain(model: type[Model]) -> bool:
    """Whether records of ``model`` are one row each: those with relationships stay with SQLAlchemy."""
    mapper: Mapper[Any] = sa.inspect(model)
    return not mapper.relationships and len(mapper.tables) == 1 and mapper.polymorphic_on is None


class Finding:
    """A question for records of some plain models, side by side as a join has them.

    ``query`` says from where and which; what it selects is filled in. Make it once, for the life of the process.
    """

    def __init__(self, query: "sa.Select[*tuple[Any, ...]]", *models: type[Model]) -> None:
        self._readers = [_reader(model) for model in models]
        columns = [column for reader in self._readers for column in reader.columns]
        self._prepared = Prepared(query.with_only_columns(*columns, maintain_column_froms=True))

    def records(self, session: Session, values: Values) -> list[Records]:
        """Return what is found, as the session knows it: a record that it has already is the one that it has.

        Where an outer join found no row, None stands in the record's place.
        """
        found: list[Records] = []
        for row in self._prepared.rows(session, values):
            start, records = 0, []
            for reader in self._readers:
                end = start + len(reader.columns)
                records.append(reader.read(session, row[start:end]))
                start = end
            found.append(tuple(records))
        return found


class _Reader:
    """Makes records of one model out of its columns."""

    def __init__(self, model: type[Model]) -> None:
        assert is_plain(model), f"{model.__name__} is more than one row"
        mapper: Mapper[Any] = sa.inspect(model)
        self._mapper = mapper
        loaded = [prop for prop in mapper.column_attrs if not prop.deferred]
        self._names = [prop.key for prop in loaded]
        self.columns: Sequence[Any] = [prop.columns[0] for prop in loaded]
        self._key = [self.columns.index(column) for column in mapper.primary_key]

    def read(self, session: Session, row: Row) -> Model | None:
        key = tuple(row[place] for place in self._key)
        if key[0] is None:
            return None
        known: Model | None = session.identity_map.get(self._mapper.identity_key_from_primary_key(key))
        if known is not None:
            return known
        record: Model = self._mapper.class_manager.new_instance()
        vars(record).update(zip(self._names, row, strict=True))
        make_transient_to_detached(record)
        session.add(record)
        state: Any = instance_state(record)
        state.manager.dispatch.load(state, None)
        return record


@functools.cache
def _reader(model: type[Model]) -> _Reader:
    return _Reader(model)
