"""Lists by the page: what a caller asks for and the page that answers it; page 1,000 costs like page 1."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.db import cursors, keyset, search
from chassis.db.filters import Condition, Filters
from chassis.db.page_questions import LIMIT, Question, from_body, from_parameters
from chassis.errors import ValidationFailed
from chassis.field_messages import sentence, translate

T = TypeVar("T")
Read = Callable[["sa.Result[Any]"], Sequence[Any]]


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items of a list. ``next_cursor`` is None on the last page; ``total`` only where it was asked for."""

    items: Sequence[T]
    next_cursor: str | None = None
    total: int | None = None


@dataclass(frozen=True)
class PageRequest:
    """What a caller asks of a list: filters, words, order, and which page."""

    filters: Filters
    conditions: tuple[Condition, ...] = ()
    words: str = ""
    sort: tuple[str, ...] = ()
    limit: int = LIMIT
    count: bool = False
    position: tuple[Any, ...] | None = None
    fingerprint: str = ""
    secret: str = ""
    locale: str = "en"

    @classmethod
    def parse(
        cls,
        params: Mapping[str, Any],
        filters: Filters,
        *,
        secret: str,
        locale: str = "en",
        body: Mapping[str, Any] | None = None,
    ) -> "PageRequest":
        """Read a query string, or the body of ``POST …/search`` where there is one.

        Raises ``ValidationFailed`` naming each parameter, or pointing at each member of the body.
        """
        found = from_parameters(params, filters, locale) if body is None else from_body(body, filters, locale)
        return cls._of(found, filters, secret, locale)

    @classmethod
    def of(cls, filters: Filters, *, secret: str = "", **changes: Any) -> "PageRequest":
        """Make a request by hand: for tests, and for lists a service asks of itself."""
        return replace(cls(filters=filters, secret=secret), **changes)

    @classmethod
    def _of(cls, question: Question, filters: Filters, secret: str, locale: str) -> "PageRequest":
        fingerprint = orjson.dumps(question.identity, option=orjson.OPT_SORT_KEYS, default=str).decode()
        position = None
        if question.cursor is not None:
            found = cursors.unseal(question.cursor, fingerprint, secret)
            if found is None:
                detail = translate(sentence("cursor"), locale)
                raise ValidationFailed([{question.where_from: f"{question.prefix}cursor", "detail": detail}])
            position = tuple(found)
        return cls(
            filters=filters,
            conditions=question.conditions,
            words=question.words,
            sort=question.sort,
            limit=question.limit,
            count=question.count,
            position=position,
            fingerprint=fingerprint,
            secret=secret,
            locale=locale,
        )

    def filtered(self, query: "sa.Select[Any]") -> "sa.Select[Any]":
        """Return ``query`` with the caller's conditions, without words, order or page."""
        return query.where(*self.conditions) if self.conditions else query

    def apply(self, query: "sa.Select[Any]", session: Session, *, read: Read | None = None) -> Page[Any]:
        """Return the page of ``query`` that was asked for; ``query`` selects the model, scoped to the caller.

        ``read`` makes items of the rows; without it they are records of the session.
        """
        read, wanted = read or _records, self.filtered(query)
        if self.is_ranked:
            return self._ranked(wanted, session, read)
        if self.words:
            wanted = search.containing(wanted, self.filters.model, self.words, session)
        total = _count(wanted, session) if self.count else None
        order = keyset.order(self.filters, self.sort or self.filters.default_sort)
        page = keyset.after(wanted, order, self.position).limit(self.limit + 1)
        rows = read(session.execute(page))
        items = rows[: self.limit]
        more = len(rows) > self.limit
        return Page(items, self._cursor(keyset.position(items[-1], order)) if more else None, total)

    @property
    def is_ranked(self) -> bool:
        """Whether the best matches of some words come first, instead of an order by columns."""
        return bool(self.words) and not self.sort

    def best(self, session: Session, find: Callable[[dict[str, Any]], Sequence[T]]) -> Page[T]:
        """Return the page of best matches that ``find`` gives for the values of ``search.best_first``.

        Ranked lists are cut at ``search.CANDIDATES``, so they page by offset.
        """
        skip = int(self.position[0]) if self.position else 0
        values = search.values_of(self.words, session, most=self.limit + 1, skip=skip)
        rows = [] if values is None else find(values)
        more = len(rows) > self.limit and skip + self.limit < search.CANDIDATES
        return Page(rows[: self.limit], self._cursor([skip + self.limit]) if more else None)

    def _ranked(self, query: "sa.Select[Any]", session: Session, read: Read) -> Page[Any]:
        model = self.filters.model
        statement = search.best_first(query, model, session)
        page = self.best(session, lambda values: read(session.execute(statement, values)))
        if (
            not page.items
            and not self.position
            and (alike := search.alike(query, model, self.words, session, most=self.limit))
        ):
            page = Page(read(session.execute(*alike)))
        if not self.count:
            return page
        return replace(page, total=_count(search.containing(query, model, self.words, session), session))

    def _cursor(self, position: list[Any]) -> str:
        return cursors.seal(position, self.fingerprint, self.secret)


def _records(result: "sa.Result[Any]") -> Sequence[Any]:
    return result.scalars().unique().all()


def _count(query: "sa.Select[Any]", session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
