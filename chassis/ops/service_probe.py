"""Looks at one service's database from outside its pool, so that busy workers hide nothing."""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from chassis.clock import utc_now
from chassis.db import tables
from chassis.db.counting import count_of
from chassis.figures import figures_in
from chassis.ops import metrics
from chassis.ops.discovery import Service
from chassis.ops.figure_watch import FigureWatch
from chassis.ops.schema_head import heads
from chassis.timers import NEVER

_LATE: Final = timedelta(seconds=5)

Reasons = dict[str, str | None]


class ServiceProbe:
    """What /readyz and /metrics say about one service's database, outbox and timers."""

    def __init__(self, service: Service, url: sa.URL, outbox_max_age: float) -> None:
        self._service = service
        self._outbox_max_age = outbox_max_age
        # A connection made for each look: a pool here would hold one more per process for ever.
        self._engine = sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        modules = [service.handlers] if service.handlers else []
        self._figures = FigureWatch(service.name, service.metadata, figures_in(*modules))

    def look(self) -> Reasons:
        """Return each check with why it fails, or ``None``; sets this service's gauges on the way."""
        name = self._service.name
        try:
            with self._engine.connect() as connection:
                reasons: Reasons = {
                    f"{name}.database": None,
                    f"{name}.schema": self._schema(connection),
                }
                if reasons[f"{name}.schema"] is None:
                    reasons[f"{name}.outbox"] = self._outbox(connection)
                    self._timers(connection)
                    self._figures.look(connection)
                return reasons
        except DBAPIError as error:
            self._figures.hide()
            return {f"{name}.database": f"the database does not answer: {type(error.orig).__name__}"}

    def _schema(self, connection: sa.Connection) -> str | None:
        wanted = heads(self._service.migrations)
        try:
            found = frozenset(connection.scalars(sa.text("select version_num from alembic_version")))
        except SQLAlchemyError:
            found = frozenset()
        if found == wanted:
            return None
        return f"the schema is at {_list(found)}, the code wants {_list(wanted)}: run the migrations"

    def _outbox(self, connection: sa.Connection) -> str | None:
        outbox, name = tables.outbox(self._service.metadata), self._service.name
        pending = outbox.c.published_at.is_(None)
        oldest = connection.scalar(sa.select(outbox.c.occurred_at).where(pending).order_by(outbox.c.id).limit(1))
        depth = 0 if oldest is None else connection.scalar(count_of(outbox, pending)) or 0
        age = 0.0 if oldest is None else max(0.0, (utc_now() - oldest).total_seconds())
        metrics.outbox_depth.labels(name).set(depth)
        metrics.outbox_age_seconds.labels(name).set(age)
        if age <= self._outbox_max_age:
            return None
        return f"the oldest of {depth} unpublished events is {age:.0f} s old, over {self._outbox_max_age:.0f} s"

    def _timers(self, connection: sa.Connection) -> None:
        timers, name = tables.timers(self._service.metadata), self._service.name
        late = timers.c.due_at < utc_now() - _LATE
        oldest = connection.scalar(sa.select(sa.func.min(timers.c.due_at)).where(late))
        count = 0 if oldest is None else connection.scalar(count_of(timers, late)) or 0
        metrics.timers_late.labels(name).set(count)
        overdue = 0.0 if oldest is None else (utc_now() - oldest).total_seconds()
        metrics.timers_late_seconds.labels(name).set(overdue)
        given_up = connection.scalar(count_of(timers, timers.c.due_at == NEVER)) or 0
        metrics.timers_given_up.labels(name).set(given_up)


def _list(revisions: frozenset[str]) -> str:
    return ", ".join(sorted(revisions)) or "nothing"
