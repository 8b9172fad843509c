"""From a method's result to the wire: the body is built here, once, and passed on as bytes."""

from collections.abc import Callable
from typing import Any

import orjson
from marshmallow import Schema
from sqlalchemy.exc import IntegrityError

from chassis import schema
from chassis.bus.green import pause
from chassis.bus.wire import Answer
from chassis.db.paging import Page
from chassis.declarations import Contract
from chassis.errors import DomainError
from chassis.refusals import refusal_for
from chassis.unit_of_work import UnitOfWork

NULL = Answer(b"null", {})
CREATED = 201
YIELD_EVERY = 50  # items between two chances for other greenthreads to run


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
    if (canonical := body.get("canonical_id")) is not None:
        headers["x-canonical-id"] = str(canonical)
    return headers


def bulk_answer(
    contract: Contract, work: UnitOfWork, method: Callable[..., Any], ids: list[Any], items: list[Any]
) -> Answer:
    """Do each item in a savepoint of its own and return a result per item, in their order.

    An item that is refused leaves nothing behind and does not disturb the others.
    """
    results = []
    for index, item in enumerate(items):
        results.append(_item(contract, work, method, ids, item))
        # On SQLite whoever writes has the database to itself, and must not let others run meanwhile.
        if index % YIELD_EVERY == YIELD_EVERY - 1 and work.session.get_bind().dialect.name != "sqlite":
            pause()
    return Answer(orjson.dumps({"items": results}), {})


def _item(
    contract: Contract, work: UnitOfWork, method: Callable[..., Any], ids: list[Any], item: Any
) -> dict[str, Any]:
    locale = work.call.locale
    assert contract.loads is not None, f"{contract.name} is bulk and loads nothing"
    try:
        data = schema.load(contract.loads, item, locale=locale)
        with work.savepoint():
            result = method(work, *ids, data=data)
    except (DomainError, IntegrityError) as error:
        refusal = refusal_for(error, locale, contract.name)
        problem = {"code": refusal.slug, "detail": refusal.detail, **refusal.params}
        return {"status": refusal.status, "error": problem}
    record = schema.dump(contract.dumps, result) if contract.dumps else None
    return {"status": CREATED, "id": record and record.get("id"), "record": record}
