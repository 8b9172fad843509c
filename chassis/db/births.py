"""New records written by a prepared insert: SQLAlchemy's unit of work puts its own together anew each time."""

import functools
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, make_transient_to_detached

from chassis.db.prepared import Prepared, Values
from chassis.model import Model

Birth = tuple[Model, Prepared, Values]


def take(session: Session) -> list[Birth]:
    """Take the new records out of what ``session`` would insert itself, with their inserts, in order.

    For the session they are stored from here on, so the inserts must come before whatever refers to them. Records
    with relationships stay with SQLAlchemy, which knows what to write first, and so do those that the database numbers.
    """
    births: list[Birth] = []
    for record in session.new:
        if not isinstance(record, Model) or (insert := _insert(sa.inspect(type(record)))) is None:
            continue
        present = vars(record)
        values = {name: present.setdefault(attribute, None) for name, attribute in insert.names}
        session.expunge(record)
        make_transient_to_detached(record)
        session.add(record)
        births.append((record, insert, values))
    return births


class _Insert(Prepared):
    """The insert of one class, with the attributes that hold the columns' values."""

    def __init__(self, mapper: "Mapper[Any]") -> None:
        self.names = [(prop.columns[0].key, prop.key) for prop in mapper.column_attrs]
        super().__init__(sa.insert(mapper.class_.__table__), [name for name, _ in self.names])


@functools.cache
def _insert(mapper: "Mapper[Any]") -> _Insert | None:
    plain = not mapper.relationships and len(mapper.tables) == 1 and mapper.polymorphic_on is None
    return _Insert(mapper) if plain and mapper.class_.__table__.autoincrement_column is None else None
