"""How a service declares its operations: the declaration of a method is also its contract.

``@command`` changes something in one transaction, ``@query`` only looks. OpenAPI, the permission catalogue and the
pipeline in ``chassis.rpc`` all read the ``Contract`` kept on the method.
"""

import inspect
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from marshmallow import Schema

from chassis.bus.entrypoint import call_entrypoint
from chassis.db.filters import Filters

ANYONE: Final = "anyone"  # any signed-in caller
INTERNAL: Final = "internal"  # other parts of the suite only
M = TypeVar("M", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What one operation takes, gives and needs."""

    name: str
    kind: Literal["command", "query"]
    summary: str
    ids: tuple[tuple[str, type], ...]
    needs: str | None
    loads: type[Schema] | None = None
    patches: type[Schema] | None = None
    params: type[Schema] | None = None
    dumps: type[Schema] | None = None
    lists: type[Schema] | None = None
    filters: Filters | None = None
    many: bool = False
    bulk: bool = False
    searches: bool = False
    secret: bool = False
    prepares: Callable[..., Any] | None = None

    @property
    def permission(self) -> str | None:
        """The permission that also limits the rows, or None for public, any signed-in and internal callers."""
        return None if self.needs in {None, ANYONE, INTERNAL} else self.needs


def command(
    *,
    needs: str | None,
    loads: type[Schema] | None = None,
    patches: type[Schema] | None = None,
    dumps: type[Schema] | None = None,
    many: bool = False,
    bulk: bool = False,
    secret: bool = False,
    prepares: Callable[..., Any] | None = None,
) -> Callable[[M], M]:
    """Declare an operation that changes something.

    ``loads`` checks the body; ``patches`` checks it as a merge patch, which demands If-Match; ``bulk`` takes
    ``{"items": […]}`` of ``loads`` and answers a result per item. ``needs`` is ``resource:action``, ``ANYONE``,
    ``INTERNAL`` or None for callers who are not signed in. ``secret`` says that the answer holds a secret, which is
    kept encrypted for idempotent repetition and never in the clear. ``prepares`` does slow work (hashing, asking
    elsewhere) before the transaction opens: it is called with ``chassis.rpc.Opening``, which opens a unit of work to
    look with, and the method's own arguments; what it returns reaches the method as ``prepared``.

    A method may *return* a refusal instead of raising it: then the caller is refused, and what was written stays.
    """

    def declare(method: M) -> M:
        return _declared(
            method,
            "command",
            needs=needs,
            loads=loads,
            patches=patches,
            dumps=dumps,
            many=many,
            bulk=bulk,
            secret=secret,
            prepares=prepares,
        )

    return declare


def query(
    *,
    needs: str | None,
    dumps: type[Schema] | None = None,
    lists: type[Schema] | None = None,
    filters: Filters | None = None,
    params: type[Schema] | None = None,
    loads: type[Schema] | None = None,
    many: bool = False,
    searches: bool = False,
) -> Callable[[M], M]:
    """Declare an operation that only looks.

    ``lists`` makes a paged list of that shape: the method receives a ``PageRequest`` as ``page`` and returns a
    ``Page``; with ``searches`` the page is asked for by a body with a filter tree instead of the query string.
    ``params`` checks other query parameters; ``loads`` a body, for questions too long for a URL.
    """

    def declare(method: M) -> M:
        return _declared(
            method,
            "query",
            needs=needs,
            dumps=dumps,
            lists=lists,
            filters=filters,
            params=params,
            loads=loads,
            many=many,
            searches=searches,
        )

    return declare


def _declared(method: M, kind: Literal["command", "query"], **facts: Any) -> M:
    method.contract = Contract(  # type: ignore[attr-defined]
        name=method.__name__, kind=kind, summary=inspect.getdoc(method) or "", ids=_ids(method), **facts
    )
    return call_entrypoint(method)


def _ids(method: Callable[..., Any]) -> tuple[tuple[str, type], ...]:
    parameters = list(inspect.signature(method).parameters.values())[2:]
    return tuple(
        (parameter.name, parameter.annotation if parameter.annotation is not parameter.empty else uuid.UUID)
        for parameter in parameters
        if parameter.name not in {"data", "page", "params", "prepared"}
    )
