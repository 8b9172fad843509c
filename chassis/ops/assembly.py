"""Everything that makes one service run, put together in one place."""

import logging
from collections.abc import Callable
from typing import Any, Final, Protocol

import eventlet
from nameko.constants import AMQP_URI_CONFIG_KEY, MAX_WORKERS_CONFIG_KEY
from nameko.containers import ServiceContainer

from chassis import rpc
from chassis.beside import besides_in
from chassis.bus.entrypoint import CallServer
from chassis.bus.relay import Relay
from chassis.bus.scheduler import Scheduler
from chassis.bus.subscriber import Subscriber
from chassis.db.database import Database
from chassis.errands import errands_in
from chassis.jobs import jobs_in
from chassis.ops import discovery, logs, metrics
from chassis.ops.discovery import Service
from chassis.ops.errand_runner import ErrandRunner
from chassis.ops.job_runner import JobRunner
from chassis.ops.query_times import measure
from chassis.ops.service_probe import Reasons, ServiceProbe
from chassis.ops.system_work import BesideLoop
from chassis.reactions import Reactions
from chassis.settings import Settings
from chassis.timers import Timers

log = logging.getLogger(__name__)
_LAST_EVENTS: Final = 5.0
OnDeath = Callable[[str], None]


class Loop(Protocol):
    """A part that works in a greenthread until it is told to stop, and outlives what it depends on."""

    def run(self) -> None:
        """Work until ``stop``."""

    def stop(self) -> None:
        """Let ``run`` finish what is in hand and return."""


def assemble(name: str, settings: Settings, *, on_death: OnDeath | None = None) -> "Assembly":
    """Return one service ready to start.

    ``on_death`` is told when a part ended that never should. Raises ``SettingsMissing`` or ``NoSuchService``.
    """
    return Assembly(discovery.load(name), settings, on_death or log.critical)


class Assembly:
    """One running service: its database, its operations, and what moves its events, timers and jobs."""

    def __init__(self, service: Service, settings: Settings, on_death: OnDeath) -> None:
        self.name = name = service.name
        self.database = Database(settings.database_url(name), service.metadata, pool_size=settings.pool_size)
        if self.database.dialect == "postgresql":
            _let_queries_overlap()
        measure(self.database.engine, name)
        runtime = rpc.Runtime(
            service=name, database=self.database, metadata=service.metadata, secret=settings.secret_key
        )
        rpc.bind(service.service_class, runtime)
        self.container = ServiceContainer(
            service.service_class,
            config={AMQP_URI_CONFIG_KEY: settings.broker_url, MAX_WORKERS_CONFIG_KEY: settings.max_workers},
        )
        modules = [service.handlers] if service.handlers else []
        parts = (name, self.database, service.metadata)
        errands, jobs = errands_in(*modules), jobs_in(*modules)
        self.relay = Relay(*parts, settings.broker_url)
        self._loops: list[Loop] = [
            Subscriber(*parts, Reactions.declared_in(*modules), settings.broker_url),
            Scheduler(*parts, Timers.declared_in(*modules)),
            *(ErrandRunner(*parts, errand) for errand in errands),
            *(BesideLoop(*parts, part) for part in besides_in(*modules)),
        ]
        self._jobs = JobRunner(*parts, jobs)
        metrics.begin(name, jobs=jobs, errands=[errand.kind for errand in errands])
        self._probe = ServiceProbe(service, self.database.url, settings.outbox_max_age)
        self._on_death = on_death
        self._threads: dict[Loop, Any] = {}
        self._stopping = False

    def start(self) -> None:
        """Begin to work; returns when calls are taken, or soon when the broker is away."""
        with logs.about(self.name):
            for loop in (self.relay, *self._loops):
                self._spawn(loop)
            self._jobs.start()
            self.container.start()
            eventlet.spawn(self._watch_container)

    def stop(self, grace: float = 20.0) -> None:
        """Take no more work, finish what runs within ``grace`` seconds, publish what it told, close."""
        self._stopping = True
        with logs.about(self.name):
            ending = [
                eventlet.spawn(self._stop_container, grace),
                eventlet.spawn(self._jobs.stop, grace),
                *(eventlet.spawn(self._stop_loop, loop, grace) for loop in self._loops),
            ]
            for thread in ending:
                thread.wait()
            self._stop_loop(self.relay, _LAST_EVENTS)
            self.database.dispose()

    def look(self) -> Reasons:
        """Return why this service should get no work, by check; ``None`` for what is well."""
        servers = [each for each in self.container.extensions if isinstance(each, CallServer)]
        connected = all(server.is_connected for server in servers)
        broker = None if connected else "the broker is away, or requests are not taken yet"
        return {f"{self.name}.broker": broker, **self._probe.look()}

    def _spawn(self, loop: Loop) -> None:
        def work() -> None:
            with logs.about(self.name):
                loop.run()

        thread = self._threads[loop] = eventlet.spawn(work)
        thread.link(self._loop_ended, type(loop).__name__)

    def _loop_ended(self, thread: Any, part: str) -> None:
        if not self._stopping:
            try:
                thread.wait()
            except Exception:
                log.exception("the %s of %s ended", part, self.name)
            self._on_death(f"the {part} of {self.name}")

    def _watch_container(self) -> None:
        try:
            self.container.wait()
        except Exception:
            log.exception("the container of %s ended", self.name)
        if not self._stopping:
            self._on_death(f"the container of {self.name}")

    def _stop_container(self, grace: float) -> None:
        with eventlet.Timeout(grace, exception=False):
            self.container.stop()
            return
        log.warning("requests still ran after %.0f s and were cut off", grace)
        self.container.kill()

    def _stop_loop(self, loop: Loop, grace: float) -> None:
        loop.stop()
        with eventlet.Timeout(grace, exception=False):
            self._threads[loop].wait()
            return
        log.warning("the %s still ran after %.0f s and was cut off", type(loop).__name__, grace)
        self._threads[loop].kill()


def _let_queries_overlap() -> None:
    # Without this a query would stop every greenthread until its answer is there. Loaded here because
    # installations on SQLite have no use for the driver.
    from psycogreen.eventlet import patch_psycopg

    patch_psycopg()
