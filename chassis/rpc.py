"""Remote operations: the one pipeline between the wire and a service's methods.

It checks who asks and what they send, opens the transaction, keeps the promise of idempotency keys, shapes the
answer once and translates refusals. Services import ``command``, ``query`` and the markers from here.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chassis import aliases, idempotency
from chassis.answers import answer_of, bulk_answer, of_survivor
from chassis.bus.wire import Answer
from chassis.context import Call, calling
from chassis.db.database import Database
from chassis.declarations import ANYONE, INTERNAL, Contract, command, query
from chassis.errors import (
    DomainError,
    Forbidden,
    NotFound,
    PermissionDenied,
    PreconditionRequired,
    Unauthenticated,
    VersionConflict,
)
from chassis.ops import logs, tracing
from chassis.refusals import refusal_for
from chassis.requests import call_from, positional, request_arguments
from chassis.unit_of_work import UnitOfWork

__all__ = ["ANYONE", "INTERNAL", "Answer", "Opening", "Operation", "Runtime", "bind", "command", "query"]

ENTRY = "entry"  # where the entrypoint finds what to call
RACES = 5  # how often a command that lost a race for a row is tried again before its caller hears of it
SYSTEM_KINDS = frozenset({"service", "system"})


@dataclass(frozen=True)
class Runtime:
    """What a service's operations run on."""

    service: str
    database: Database
    metadata: sa.MetaData
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Opening:
    """How work before the transaction looks, and keeps what must outlive the process before it asks elsewhere."""

    runtime: Runtime
    call: Call
    permission: str | None

    @contextmanager
    def __call__(self) -> Iterator[UnitOfWork]:
        """Open a unit of work for questions only."""
        with self.runtime.database.read() as session:
            yield UnitOfWork(session, self.runtime.metadata, self.call, self.permission)

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """Open a unit of work that commits at the end of the block, whatever becomes of the operation."""
        with self.runtime.database.write() as session:
            work = UnitOfWork(session, self.runtime.metadata, self.call, self.permission)
            yield work
            work.flush()


def bind(service: type, runtime: Runtime) -> dict[str, "Operation"]:
    """Give every declared method of ``service`` its operation on ``runtime``, and return them by name."""
    instance = service()
    operations = {}
    for name, method in inspect.getmembers(service, inspect.isfunction):
        if hasattr(method, "contract"):
            operation = Operation(runtime, method.contract, getattr(instance, name))
            setattr(method, ENTRY, operation)
            operations[name] = operation
    return operations


class Operation:
    """One method on one runtime. Calling it is what happens between a request message and its answer."""

    def __init__(self, runtime: Runtime, contract: Contract, method: Callable[..., Any]) -> None:
        self.runtime, self.contract, self.method = runtime, contract, method
        self.path = f"{runtime.service}.{contract.name}"

    def __call__(self, headers: Mapping[str, Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Answer:
        """Return the answer, or raise ``Refusal``: the only exception that leaves."""
        locale, parent = headers.get("nameko.locale") or "en", headers.get("nameko.traceparent")
        with logs.about(self.runtime.service, self.path), tracing.span(self.path, parent) as step:
            try:
                headers = {**headers, "nameko.traceparent": step.traceparent}
                call = call_from(headers, self.path, self.runtime.secret)
            except Exception as error:
                raise refusal_for(error, locale, self.path) from error
            with calling(call):
                try:
                    return self.perform(call, args, kwargs.get("data"), kwargs.get("params"))
                except Exception as error:
                    raise refusal_for(error, locale, self.path) from error

    def perform(
        self, call: Call, args: Sequence[Any], data: Any = None, params: Mapping[str, Any] | None = None
    ) -> Answer:
        """Do the work for a call whose identity is already established. Raises ``DomainError``.

        What is not found by the id of a record that was merged into another is asked for by the other's.
        """
        self._admit(call)
        request = _Request(args, data, params)
        while True:
            try:
                return self._perform(call, request)
            except NotFound as error:
                with self.runtime.database.read() as session:
                    renamed = aliases.elsewhere(session, self.runtime.metadata, error)
                if not renamed or renamed.items() <= request.renamed.items():
                    raise
                request.renamed |= renamed

    def _perform(self, call: Call, request: "_Request") -> Answer:
        contract = self.contract
        if contract.patches and call.expected_version is None:
            raise PreconditionRequired
        args, data, params = request.parts()
        ids = positional(contract, args)
        arguments = request_arguments(contract, data, params, locale=call.locale, secret=self.runtime.secret)
        if contract.prepares:
            opening = Opening(self.runtime, call, contract.permission)
            arguments["prepared"] = contract.prepares(opening, *ids, **arguments)
        work = partial(self._run, call=call, ids=ids, arguments=arguments, renamed=request.renamed)
        if contract.kind == "query":
            with self.runtime.database.read() as session:
                return _kept(work(session))
        # Callers who are not signed in share one name, so a key of theirs could fetch somebody else's answer.
        if call.idempotency_key is None or contract.needs is None:
            return _kept(_racing(call, lambda: self._write(work)))
        digest = idempotency.request_hash(self.path, request.args, request.data, self.runtime.secret)
        return _kept(_racing(call, lambda: self._once(call, work, digest)))

    def _admit(self, call: Call) -> None:
        needs, actor = self.contract.needs, call.actor
        if needs is None:
            return
        if actor.kind == "anonymous":
            raise Unauthenticated
        if needs == INTERNAL:
            if actor.kind not in SYSTEM_KINDS:
                raise Forbidden
        elif needs != ANYONE and actor.scope(needs) is None:
            raise PermissionDenied(permission=needs)

    def _write(self, work: "Work") -> Answer | DomainError:
        with self.runtime.database.write() as session:
            return work(session)

    def _once(self, call: Call, work: "Work", digest: str) -> Answer | DomainError:
        runtime = self.runtime
        keys = idempotency.Keys(runtime.metadata, call, self.path, digest, runtime.secret, hide=self.contract.secret)
        with keys.claimed(runtime.database) as (session, given):
            if given is not None:
                return given
            answer = work(session)
            if isinstance(answer, Answer):
                keys.store(session, answer)
            return answer

    def _run(
        self, session: Session, *, call: Call, ids: list[Any], arguments: dict[str, Any], renamed: Mapping[str, str]
    ) -> Answer | DomainError:
        work = UnitOfWork(session, self.runtime.metadata, call, self.contract.permission)
        if self.contract.bulk:
            return bulk_answer(self.contract, work, self.method, ids, arguments["data"])
        result = self.method(work, *ids, **arguments)
        if self.contract.kind == "command":
            work.flush(at_end=True)
        # A refusal that is returned keeps what was written (a failed log-in is counted); a raised one undoes it.
        if isinstance(result, DomainError):
            return result
        answer = answer_of(self.contract, result)
        return of_survivor(answer, renamed) if renamed else answer


Work = Callable[[Session], Answer | DomainError]


@dataclass
class _Request:
    """What was sent, and which of the ids in it lead to other records."""

    args: Sequence[Any]
    data: Any
    params: Mapping[str, Any] | None
    renamed: dict[str, str] = field(default_factory=dict)

    def parts(self) -> tuple[Any, Any, Any]:
        """Return path ids, body and query string with the ids of the records that are left."""
        parts = self.args, self.data, self.params
        return aliases.swapped(parts, self.renamed) if self.renamed else parts


def _kept(answer: Answer | DomainError) -> Answer:
    if isinstance(answer, DomainError):
        raise answer
    return answer


def _racing(call: Call, work: Callable[[], Answer | DomainError]) -> Answer | DomainError:
    for attempt in range(1, RACES + 1):
        try:
            return work()
        except StaleDataError as error:
            # Another writer was faster. Who named a version hears of it; who did not wants it done all the same.
            if call.expected_version is not None or attempt == RACES:
                raise VersionConflict from error
        except sa.exc.NotSupportedError:
            # What was planned is older than the latest migration; the next connection plans anew.
            if attempt == RACES:
                raise
    raise AssertionError("the loop above returns or raises")
