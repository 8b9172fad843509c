"""Lists by the page: what a caller asks for and the page that answers it; page 1,000 costs like page 1."""

from collections.abc import Mapping, Sequence
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

    def apply(self, query: "sa.Select[Any]", session: Session) -> Page[Any]:
        """Return the page of ``query`` that was asked for; ``query`` selects the model, scoped to the caller."""
        wanted = self.filtered(query)
        if self.words and not self.sort:
            return self._ranked(wanted, session)
        if self.words:
            wanted = search.containing(wanted, self.filters.model, self.words, session)
        total = _count(wanted, session) if self.count else None
        order = keyset.order(self.filters, self.sort or self.filters.default_sort)
        page = keyset.after(wanted, order, self.position).limit(self.limit + 1)
        rows = session.scalars(page).unique().all()
        items = rows[: self.limit]
        more = len(rows) > self.limit
        return Page(items, self._cursor(keyset.position(items[-1], order)) if more else None, total)

    def _ranked(self, query: "sa.Select[Any]", session: Session) -> Page[Any]:
        """Return the best matches first. Ranked lists are cut at ``search.CANDIDATES``, so they page by offset."""
        offset = int(self.position[0]) if self.position else 0
        total = None
        if self.count:
            total = _count(search.containing(query, self.filters.model, self.words, session), session)
        rows = search.ranked(query, self.filters.model, self.words, session, limit=self.limit + 1, offset=offset)
        items = rows[: self.limit]
        more = len(rows) > self.limit and offset + self.limit < search.CANDIDATES
        return Page(items, self._cursor([offset + self.limit]) if more else None, total)

    def _cursor(self, position: list[Any]) -> str:
        return cursors.seal(position, self.fingerprint, self.secret)


def _count(query: "sa.Select[Any]", session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
