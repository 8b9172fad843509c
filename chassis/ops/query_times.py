"""Measures every statement of an engine and shows its pool."""

from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

from chassis.db.prepared import OBSERVE
from chassis.ops import metrics


def measure(engine: Engine, service: str) -> None:
    """Show the time of each statement and the state of the pool at /metrics."""
    observe = metrics.db_query_seconds.labels(service).observe

    @event.listens_for(engine, "before_cursor_execute")
    def start(_c: Any, _cursor: Any, _s: Any, _p: Any, context: Any, _many: Any) -> None:
        if context is not None:
            context.trato_started = perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def end(_c: Any, _cursor: Any, _s: Any, _p: Any, context: Any, _many: Any) -> None:
        if context is not None:
            observe(perf_counter() - context.trato_started)

    @event.listens_for(engine, "connect")
    def introduce(_driver: Any, record: Any) -> None:
        record.info[OBSERVE] = observe

    pool = engine.pool
    if isinstance(pool, QueuePool):
        metrics.db_pool_size.labels(service).set_function(pool.size)
        metrics.db_pool_in_use.labels(service).set_function(pool.checkedout)
        metrics.db_pool_overflow.labels(service).set_function(lambda: max(0, pool.overflow()))
