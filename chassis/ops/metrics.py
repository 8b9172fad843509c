"""The figures that every process shows at /metrics; their names are the vocabulary of dashboards."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from time import perf_counter
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

_FAST: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_QUERY: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
_LAG: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30, 300, 3600)

rpc_seconds = Histogram(
    "trato_rpc_seconds",
    "Time from taking a request to its answer; outcome is ok, or the status of the refusal.",
    ["service", "method", "outcome"],
    buckets=_FAST,
)
rpc_running = Gauge("trato_rpc_running", "Requests being answered now.", ["service"])
rpc_dropped = Counter("trato_rpc_dropped", "Requests not answered; why is expired or unreachable.", ["service", "why"])

events_published = Counter("trato_events_published", "Events that the broker confirmed.", ["service"])
event_lag_seconds = Histogram(
    "trato_event_lag_seconds",
    "Time from the instant of an event to the end of its handling.",
    ["service", "type"],
    buckets=_LAG,
)
events_handled = Counter(
    "trato_events_handled",
    "Events taken from the queue; outcome is ok, repeated, retried or parked.",
    ["service", "outcome"],
)
outbox_depth = Gauge("trato_outbox_depth", "Events committed and not yet published.", ["service"])
outbox_age_seconds = Gauge("trato_outbox_age_seconds", "Age of the oldest event not yet published.", ["service"])
parked = Gauge("trato_parked", "Events given up on, waiting for a person.", ["service"])

timers_fired = Counter("trato_timers_fired", "Timers that fired.", ["service", "kind"])
timers_failed = Counter(
    "trato_timers_failed",
    "Timers whose work failed; outcome is tried again or given up.",
    ["service", "kind", "outcome"],
)
timers_late = Gauge("trato_timers_late", "Timers more than five seconds overdue.", ["service"])
timers_late_seconds = Gauge("trato_timers_late_seconds", "How overdue the oldest timer is.", ["service"])
timers_given_up = Gauge("trato_timers_given_up", "Timers given up on, left with their error.", ["service"])

jobs_running = Gauge("trato_jobs_running", "Background jobs running here.", ["service"])
jobs_finished = Counter("trato_jobs_finished", "Background jobs by how they ended.", ["service", "kind", "state"])

errands_done = Counter(
    "trato_errands_done", "Work with the outside world, by how it ended.", ["service", "kind", "outcome"]
)

db_pool_size = Gauge("trato_db_pool_size", "Database connections kept open.", ["service"])
db_pool_in_use = Gauge("trato_db_pool_in_use", "Database connections lent out now.", ["service"])
db_pool_overflow = Gauge("trato_db_pool_overflow", "Database connections above the pool's size.", ["service"])
db_query_seconds = Histogram("trato_db_query_seconds", "Time of one statement.", ["service"], buckets=_QUERY)

hub_stall_seconds = Gauge("trato_hub_stall_seconds", "The longest time in the last minute that nothing else could run.")
hub_stalls = Counter("trato_hub_stalls", "Times that the process stood still over 250 ms.")
ready = Gauge("trato_ready", "1 when /readyz answers 200.")
readiness_check = Gauge("trato_readiness_check", "1 when this check of /readyz is well.", ["service", "check"])


def begin(service: str, *, jobs: Iterable[str], errands: Iterable[str]) -> None:
    """Show 0 for what has not happened yet: of a series that begins at 1, Prometheus sees no growth."""
    events_published.labels(service)
    parked.labels(service)
    jobs_running.labels(service)
    for outcome in ("ok", "repeated", "retried", "parked"):
        events_handled.labels(service, outcome)
    for kind, state in product(jobs, ("done", "failed", "cancelled")):
        jobs_finished.labels(service, kind, state)
    for kind, outcome in product(errands, ("ok", "failed")):
        errands_done.labels(service, kind, outcome)


def show_checks(reasons: Mapping[str, str | None]) -> None:
    """Show each check of /readyz, named ``service.check``; None is well. Checks not named are forgotten."""
    readiness_check.clear()
    for name, why in reasons.items():
        service, _, check = name.partition(".")
        readiness_check.labels(service, check or "answer").set(0 if why else 1)


@functools.lru_cache(maxsize=4096)
def _rpc_observer(service: str, method: str, outcome: str) -> Histogram:
    return rpc_seconds.labels(service, method, outcome)


def observe_rpc(service: str, method: str, outcome: str, seconds: float) -> None:
    """Count one answered request; ``outcome`` is ``ok`` or a status such as ``404``."""
    _rpc_observer(service, method, outcome).observe(seconds)


@functools.lru_cache(maxsize=4096)
def _lag_observer(service: str, event_type: str) -> Histogram:
    return event_lag_seconds.labels(service, event_type)


def observe_event(service: str, event_type: str, lag_seconds: float) -> None:
    """Record how long after its instant an event was handled."""
    _lag_observer(service, event_type).observe(max(0.0, lag_seconds))


@contextmanager
def running(gauge: Gauge, service: str) -> Iterator[None]:
    """Count the body as something that runs now."""
    child = gauge.labels(service)
    child.inc()
    try:
        yield
    finally:
        child.dec()


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = perf_counter()

    @property
    def seconds(self) -> float:
        """Return the seconds since this stopwatch was made."""
        return perf_counter() - self._start


def exposition() -> tuple[bytes, str]:
    """Return all figures of this process in Prometheus's text format, and its media type."""
    return generate_latest(), CONTENT_TYPE_LATEST
