"""The WSGI application: what happens to every request, whichever route answers it."""

import functools
import logging
from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import Any, Final

from prometheus_client import Counter, Histogram

from chassis.client import BrokerDown, DeadlineExceeded, RemoteFailure, ServiceDown
from chassis.errors import DomainError, Refusal
from chassis.i18n import negotiate
from gateway import metrics, security, tracing
from gateway.access_log import AccessLog
from gateway.answers import STATUS_LINES, Answer
from gateway.credentials import presented_by
from gateway.handover import Handover
from gateway.identity import Identities
from gateway.limits import Limits
from gateway.problems import problem_of
from gateway.refusals import InternalError
from gateway.request import Request
from gateway.route import Route
from gateway.routing import Router

StartResponse = Callable[..., Any]
Handler = Callable[[Request], Answer]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

_UNAUTHENTICATED: Final = 401
_EMPTY: Final = frozenset({204, 304})

log = logging.getLogger(__name__)


class Front:
    """Names the request, finds its route, asks who calls, limits, answers, counts and logs.

    ``pages`` is the Flask application that serves what is no API: documentation, health and figures.
    """

    def __init__(
        self,
        router: Router,
        dispatch: Callable[[Request, Route], Answer],
        handlers: Mapping[str, Handler],
        *,
        identities: Identities,
        limits: Limits,
        callers: security.Callers,
        cors: security.Cors,
        access_log: AccessLog,
        pages: Wsgi,
        default_locale: str,
    ) -> None:
        self._router = router
        self._dispatch = dispatch
        self._handlers = handlers
        self._identities = identities
        self._limits = limits
        self._callers = callers
        self._cors = cors
        self._access_log = access_log
        self._pages = pages
        self._locale = functools.lru_cache(maxsize=512)(functools.partial(negotiate, default=default_locale))
        self._default_locale = default_locale
        self._figures: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith("/v1/"):
            return self._pages(environ, start_response)
        language = environ.get("HTTP_ACCEPT_LANGUAGE")
        request = Request(
            environ,
            address=self._callers.address(environ),
            request_id=tracing.request_id(environ),
            traceparent=tracing.traceparent(environ),
            locale=self._default_locale if language is None else self._locale(language),
        )
        metrics.http_in_flight.inc()
        try:
            answer = self._answer(request)
        finally:
            metrics.http_in_flight.dec()
        return self._finish(request, answer, start_response)

    def _answer(self, request: Request) -> Answer:
        try:
            return self._try(request)
        except RemoteFailure as failure:
            log.warning("%s failed: %s", request.route.rpc if request.route else "?", failure, extra=_named(request))
            return problem_of(InternalError(request_id=request.request_id), request)
        except (Refusal, DomainError) as refusal:
            return problem_of(refusal, request)
        except Handover as handover:
            handover.headers = self._headers(request, handover.headers)
            self._record(request, 200)
            raise
        except Exception:
            log.exception("A request failed", extra=_named(request))
            return problem_of(InternalError(request_id=request.request_id), request)

    def _try(self, request: Request) -> Answer:
        if request.method == "OPTIONS":
            return self._options(request)
        route, request.ids = self._router.match(request.method, request.path)
        request.route = route
        self._limits.addresses.take(request.address)
        if route.anonymous:
            if request.method == "POST":
                self._limits.strangers.take(request.address)
        else:
            self._identify(request)
        handler = self._handlers.get(route.rpc)
        return handler(request) if handler is not None else self._call(request, route)

    def _identify(self, request: Request) -> None:
        strangers = self._limits.strangers
        strangers.check(request.address)
        try:
            request.identity = self._identities.of(presented_by(request))
        except (Refusal, DomainError) as refusal:
            # Guessing credentials costs; using a good one does not.
            if refusal.status == _UNAUTHENTICATED:
                strangers.take(request.address)
            raise
        request.identity.bucket.take()

    def _call(self, request: Request, route: Route) -> Answer:
        try:
            return self._dispatch(request, route)
        except (ServiceDown, BrokerDown, DeadlineExceeded) as failure:
            metrics.rpc_errors.labels(route.rpc.partition(".")[0], failure.slug).inc()
            raise

    def _options(self, request: Request) -> Answer:
        allowed = self._router.allowed(request.path)
        return Answer(204, b"", [("Allow", ", ".join(allowed)), *self._cors.preflight(request.environ, allowed)])

    def _finish(self, request: Request, answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
        headers = self._headers(request, answer.headers)
        body = answer.body
        if isinstance(body, bytes):
            if answer.status not in _EMPTY:
                headers.append(("Content-Length", str(len(body))))
            body = (body,)
        self._record(request, answer.status)
        start_response(STATUS_LINES[answer.status], headers)
        return body

    def _headers(self, request: Request, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        headers.extend(security.HEADERS)
        headers.append(("X-Request-ID", request.request_id))
        headers.append(("traceparent", request.traceparent))
        if request.is_https:
            headers.append(security.STRICT_TRANSPORT)
        if self._cors.enabled:
            headers.extend(self._cors.headers(request.environ))
        return headers

    def _record(self, request: Request, status: int) -> None:
        route = request.route.path if request.route else "unmatched"
        key = (route, request.method if request.route else "ANY", status)
        figures = self._figures.get(key)
        if figures is None:
            counter = metrics.http_requests.labels(*key)
            figures = self._figures[key] = (counter, metrics.http_seconds.labels(*key[:2]))
        figures[0].inc()
        figures[1].observe(perf_counter() - request.started)
        self._access_log.write(request, status)


def _named(request: Request) -> dict[str, str]:
    return {"request_id": request.request_id, "trace_id": request.traceparent[3:35]}
