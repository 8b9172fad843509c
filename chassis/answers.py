"""From a method's result to the wire: the body is built here, once, and passed on as bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from marshmallow import Schema
from sqlalchemy.exc import IntegrityError

from chassis import aliases, schema
from chassis.bus.green import pause
from chassis.bus.wire import Answer
from chassis.db.paging import Page
from chassis.declarations import Contract
from chassis.errors import DomainError, NotFound
from chassis.refusals import refusal_for
from chassis.unit_of_work import UnitOfWork

NULL = Answer(b"null", {})
CREATED = 201
TOGETHER = 50  # items done in one savepoint; behind them other greenthreads may run

Result = dict[str, Any]


def answer_of(contract: Contract, result: Any) -> Answer:
    """Return the answer that carries ``result`` in the declared shape."""
    if isinstance(result, Answer):
        return result
    if contract.lists is not None:
        return _page(contract.lists, result)
    if result is None:
        return NULL
    if contract.dumps is None:
        return _plain(result)
    if contract.many:
        return Answer(orjson.dumps([schema.dump(contract.dumps, item) for item in result]), {})
    return _record(contract.dumps, result)


def _page(shape: type[Schema], page: Page[Any]) -> Answer:
    body: dict[str, Any] = {
        "items": [schema.dump(shape, item) for item in page.items],
        "next_cursor": page.next_cursor,
    }
    headers: dict[str, str] = {}
    if page.next_cursor:
        headers["x-next-cursor"] = page.next_cursor
    if page.total is not None:
        body["total"] = page.total
        headers["x-total"] = str(page.total)
    return Answer(orjson.dumps(body), headers)


def _record(shape: type[Schema], result: Any) -> Answer:
    body = schema.dump(shape, result)
    return Answer(orjson.dumps(body), _identity(body))


def _plain(result: Any) -> Answer:
    return Answer(orjson.dumps(result), _identity(result) if isinstance(result, dict) else {})


def _identity(body: dict[str, Any]) -> dict[str, str]:
    headers = {}
    if (version := body.get("version")) is not None:
        headers["x-etag"] = str(version)
    if (id_ := body.get("id")) is not None:
        headers["x-id"] = str(id_)
    return headers


def of_survivor(answer: Answer, renamed: Mapping[str, str]) -> Answer:
    """Return the answer; a record that was asked for by an old id says by which one it is kept now."""
    id_ = answer.headers.get("x-id")
    if id_ is None or id_ not in renamed.values():
        return answer
    body = b'{"canonical_id":"%s",' % id_.encode() + answer.body.removeprefix(b"{")
    return Answer(body, {**answer.headers, "x-canonical-id": id_})


def bulk_answer(
    contract: Contract, work: UnitOfWork, method: Callable[..., Any], ids: list[Any], items: list[Any]
) -> Answer:
    """Do each item wholly or not at all and return a result per item, in their order.

    An item that is refused leaves nothing behind and does not disturb the others.
    """
    bulk = _Bulk(contract, work, partial(method, work, *ids))
    results: list[Result] = []
    for start in range(0, len(items), TOGETHER):
        results += bulk.results(items[start : start + TOGETHER])
        # On SQLite whoever writes has the database to itself, and must not let others run meanwhile.
        if work.session.get_bind().dialect.name != "sqlite":
            pause()
    return Answer(orjson.dumps({"items": results}), {})


@dataclass(frozen=True)
class _Bulk:
    contract: Contract
    work: UnitOfWork
    do: Callable[..., Any]

    def results(self, items: list[Any]) -> list[Result]:
        """Do items in one savepoint, which costs hardly more than to do one; an exception makes several of them."""
        done: list[Result] = []
        try:
            with self.work.savepoint():
                for item in items:
                    done.append(self._done(item))  # noqa: PERF401 - what is done already counts when one raises
        except (DomainError, IntegrityError) as error:
            if isinstance(error, NotFound) and (others := self._renamed(items, len(done), error)) != items:
                return self.results(others)
            if len(items) == 1:
                return [self._refused(error)]
            if isinstance(error, DomainError):
                # All were undone with this one: those before it are done again without it.
                at = len(done)
                return [*self.results(items[:at]), self._refused(error), *self.results(items[at + 1 :])]
            # The database may have refused any of them: which it was shows when they are done one by one.
            return [result for item in items for result in self.results([item])]
        return done

    def _done(self, item: Any) -> Result:
        shape = self.contract.loads
        assert shape is not None, f"{self.contract.name} is bulk and loads nothing"
        try:
            data = schema.load(shape, item, locale=self.work.call.locale)
        except DomainError as error:
            return self._refused(error)
        result = self.do(data=data)
        self.work.flush(at_end=True)
        record = schema.dump(self.contract.dumps, result) if self.contract.dumps else None
        return {"status": CREATED, "id": record and record.get("id"), "record": record}

    def _renamed(self, items: list[Any], at: int, error: NotFound) -> list[Any]:
        renamed = aliases.elsewhere(self.work.session, self.work.metadata, error)
        return [*items[:at], aliases.swapped(items[at], renamed), *items[at + 1 :]] if renamed else items

    def _refused(self, error: Exception) -> Result:
        refusal = refusal_for(error, self.work.call.locale, self.contract.name)
        problem = {"code": refusal.slug, "detail": refusal.detail, **refusal.params}
        return {"status": refusal.status, "error": problem}
