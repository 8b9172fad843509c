"""From one call to its reply: finds the operation, runs it if it still may, and says how it went."""

import logging
import time
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, Final

import orjson
from eventlet import Timeout
from nameko.exceptions import IncorrectSignature, MalformedRequest, MethodNotFound

from chassis.bus.rpc_metrics import MethodMetrics
from chassis.bus.rpc_request import Request
from chassis.bus.wire import Answer, failure, success
from chassis.errors import Refusal, Unavailable

log = logging.getLogger(__name__)

Entry = Callable[[Mapping[str, Any], list[Any], dict[str, Any]], Answer]
Reply = tuple[bytes, Mapping[str, str]]

IDEMPOTENCY_KEY: Final = "nameko.idempotency_key"
NOTHING: Final[Mapping[str, str]] = {}


class OutcomeUnknown(Unavailable):
    """The process that had this request ended; look whether it was done before sending it again."""

    slug = "outcome-unknown"
    es = "El proceso que atendía esta petición terminó; compruebe si se hizo antes de enviarla otra vez."


class Operation:
    """One method of a service, as callers reach it."""

    def __init__(self, service: str, name: str, method: Callable[..., Any]) -> None:
        self.metrics = MethodMetrics(service, name)
        entry: Entry | None = getattr(method, "entry", None)
        if entry is None:
            raise TypeError(f"{service}.{name} has no entry yet: bind the service before it starts")
        self.entry = entry
        contract = getattr(method, "contract", None)
        self.is_repeatable = getattr(contract, "kind", None) == "query"


class Answering:
    """Everything a service can be asked."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._operations: dict[str, Operation] = {}

    def add(self, name: str, method: Callable[..., Any]) -> None:
        """Answer calls of ``name`` with what ``method.entry`` returns."""
        self._operations[name] = Operation(self._service, name, method)

    def answer(self, request: Request) -> Reply | None:
        """Return the reply, or None when the deadline is over and so nothing was done. Never raises."""
        if request.deadline is not None and time.time() >= request.deadline:
            return None
        operation = self._operations.get(request.method)
        if operation is None:
            return failure(MethodNotFound(request.method)), NOTHING
        started = perf_counter()
        outcome = "ok"
        try:
            if request.redelivered:
                _refuse_if_not_repeatable(request, operation)
            args, kwargs = _arguments(request.body)
            answer = operation.entry(request.headers, args, kwargs)
            return success(answer.body), answer.headers
        except Refusal as refusal:
            outcome = str(refusal.status)
            return failure(refusal), NOTHING
        except (MalformedRequest, IncorrectSignature) as error:
            outcome = "400"
            return failure(error), NOTHING
        except (Exception, Timeout) as error:
            outcome = "500"
            log.exception("%s.%s failed", self._service, request.method)
            return failure(error), NOTHING
        finally:
            operation.metrics.observe(outcome, perf_counter() - started)


def _arguments(body: bytes) -> tuple[list[Any], dict[str, Any]]:
    try:
        call = orjson.loads(body)
        return call["args"], call["kwargs"]
    except (ValueError, KeyError, TypeError) as problem:
        raise MalformedRequest("Message missing `args` or `kwargs`") from problem


def _refuse_if_not_repeatable(request: Request, operation: Operation) -> None:
    """Another process had this request and may have done it before it ended."""
    if not operation.is_repeatable and IDEMPOTENCY_KEY not in request.headers:
        raise OutcomeUnknown().to_wire(request.headers.get("nameko.locale", "en"))
