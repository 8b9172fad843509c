"""Reading for an answer: the columns of a record as a plain dict, without building the record.

A query only looks. Nothing has to notice changes there, and nothing needs the record's methods; its own columns and
what was computed beside them are all that the answer shows.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.context import Scope
from chassis.db import row_scope, search
from chassis.db.paging import Page, PageRequest
from chassis.db.prepared import Prepared, Row
from chassis.errors import NotFound
from chassis.model import Aggregate, Model
from chassis.unit_of_work import UnitOfWork

Seen = dict[str, Any]


class View:
    """What queries show of a model. ``computed`` adds columns that are not the model's: names, counts, lists.

    The statements that every reader asks, one record and the best matches of some words, are prepared; a list with
    conditions is put together for the request. Rows out of the caller's reach are left out in SQL.
    """

    def __init__(self, model: type[Model], **computed: "sa.ColumnElement[Any]") -> None:
        assert issubclass(model, Aggregate), f"{model.__name__} has no id to be found by"
        self.model, self._computed = model, computed
        self._resource = model.resource
        self._prepared: dict[tuple[str, Scope, str], Prepared] = {}

    def one(self, uow: UnitOfWork, id_: UUID) -> Seen:
        """Return one record. Raise ``NotFound`` where there is none that the caller may see."""
        found = self._ask("one", uow, {"id": id_})
        if not found:
            raise NotFound(resource=self._resource, id=str(id_))
        return found[0]

    def page(self, uow: UnitOfWork, page: PageRequest) -> Page[Seen]:
        """Return the page that was asked for."""
        if page.is_ranked and not page.conditions and not page.count:
            found = page.best(uow.session, lambda values: self._ask("best", uow, values))
            if found.items:
                return found
        return page.apply(uow.scoped(self._select, self.model), uow.session, read=self._read)

    @functools.cached_property
    def _attributes(self) -> Mapping[str, Any]:
        """The columns by the names of their attributes; deferred ones are never shown."""
        mapper = sa.inspect(self.model)
        return {prop.key: prop.columns[0] for prop in mapper.column_attrs if not prop.deferred}

    @functools.cached_property
    def _composites(self) -> list[tuple[str, Callable[..., Any], list[str]]]:
        composites: Any = sa.inspect(self.model).composites
        return [(each.key, each.composite_class, [part.key for part in each.props]) for each in composites]

    @functools.cached_property
    def _select(self) -> "sa.Select[Any]":
        columns = {**self._attributes, **self._computed}
        return sa.select(*(column.label(name) for name, column in columns.items()))

    @functools.cached_property
    def _names(self) -> tuple[str, ...]:
        return (*self._attributes, *self._computed)

    def _ask(self, question: str, uow: UnitOfWork, values: Mapping[str, Any]) -> list[Seen]:
        scope = row_scope.scope_of(self.model, uow.actor, uow.permission)
        key = (question, scope, uow.session.get_bind().dialect.name)
        prepared = self._prepared.get(key)
        if prepared is None:
            query = self._select.where(*row_scope.conditions(self.model, scope))
            prepared = self._prepared[key] = Prepared(_QUESTIONS[question](query, self.model, uow))
        return self._read(prepared.rows(uow.session, {**values, **row_scope.values_of(scope, uow.actor)}))

    def _read(self, rows: Iterable[Row]) -> list[Seen]:
        found = [dict(zip(self._names, row, strict=True)) for row in rows]
        for name, make, parts in self._composites:
            for seen in found:
                values = [seen[part] for part in parts]
                seen[name] = None if values[0] is None else make(*values)
        return found


def _by_id(query: "sa.Select[Any]", model: type[Model], _uow: UnitOfWork) -> "sa.Select[Any]":
    return query.where(model.__table__.c.id == sa.bindparam("id", type_=sa.Uuid))


def _best(query: "sa.Select[Any]", model: type[Model], uow: UnitOfWork) -> "sa.Select[Any]":
    return search.best_first(query, model, uow.session)


_QUESTIONS: Final[Mapping[str, Callable[..., "sa.Select[Any]"]]] = {"one": _by_id, "best": _best}
