"""From the wire to a method's arguments: the call's headers, the ids of the path, the body, the query string."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from chassis import schema
from chassis.context import ANONYMOUS, Actor, Call
from chassis.db.paging import PageRequest
from chassis.declarations import Contract
from chassis.errors import Invalid, NotFound, ValidationFailed
from chassis.ids import new_id, parse_id
from chassis.schema import StrictSchema

BULK_LIMIT = 1000


class NoParameters(StrictSchema):
    """Operations that declare no query parameter refuse all of them."""


def call_from(headers: Mapping[str, Any], method: str, secret: str) -> Call:
    """Return the call that these message headers describe. Raise ``InvalidActor`` for a forged identity."""
    signed = headers.get("nameko.actor")
    actor = Actor.verify(signed, secret) if signed else ANONYMOUS
    request_id = headers.get("nameko.request_id") or str(new_id())
    version, deadline = headers.get("nameko.if_match"), headers.get("nameko.deadline")
    return Call(
        actor=actor,
        request_id=request_id,
        traceparent=headers.get("nameko.traceparent") or "",
        locale=headers.get("nameko.locale") or actor.locale,
        method=method,
        idempotency_key=headers.get("nameko.idempotency_key"),
        expected_version=None if version is None else int(version),
        deadline=None if deadline is None else float(deadline),
        correlation_id=headers.get("nameko.correlation_id") or request_id,
        cause=headers.get("nameko.cause") or "api",
    )


def positional(contract: Contract, args: Sequence[Any]) -> list[Any]:
    """Return the path ids in the types the method wants. An id that cannot exist is ``NotFound``, not an error."""
    if len(args) != len(contract.ids):
        names = ", ".join(name for name, _ in contract.ids) or "none"
        raise Invalid(detail=f"{contract.name} takes these ids: {names}")
    return [_id(kind, value) for (_, kind), value in zip(contract.ids, args, strict=True)]


def request_arguments(
    contract: Contract, data: Any, params: Mapping[str, Any] | None, *, locale: str, secret: str
) -> dict[str, Any]:
    """Return ``data``, ``params`` and ``page`` as the contract asks. Raise ``ValidationFailed`` naming each field."""
    arguments: dict[str, Any] = {}
    if contract.bulk:
        arguments["data"] = _items(data)
    elif shape := contract.loads or contract.patches:
        # No body is an empty one: where something is needed, the answer says what.
        sent = {} if data is None else data
        arguments["data"] = schema.load(shape, sent, locale=locale, partial=contract.patches is not None)
    elif data not in (None, {}) and not contract.searches:
        raise ValidationFailed([{"pointer": "", "detail": _NO_BODY[locale == "es"]}])
    if contract.lists:
        assert contract.filters is not None, f"{contract.name} lists without filters"
        body = (data or {}) if contract.searches else None
        arguments["page"] = PageRequest.parse(params or {}, contract.filters, secret=secret, locale=locale, body=body)
    elif contract.params:
        arguments["params"] = schema.load(contract.params, params or {}, locale=locale, parameters=True)
    elif params:
        schema.load(NoParameters, params, locale=locale, parameters=True)
    return arguments


def _id(kind: type, value: Any) -> Any:
    if kind is not uuid.UUID:
        return value
    found = parse_id(str(value))
    if found is None:
        raise NotFound(id=str(value)[:64])
    return found


def _items(data: Any) -> list[Any]:
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise ValidationFailed([{"pointer": "/items", "detail": 'Send {"items": […]}.'}])
    if len(items) > BULK_LIMIT:
        raise ValidationFailed([{"pointer": "/items", "detail": f"≤ {BULK_LIMIT}"}])
    return items


_NO_BODY = ("This takes no body.", "Esta operación no lleva cuerpo.")
