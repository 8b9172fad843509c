"""Everything that moves by itself in one service of one process: subscriber, timers, relay."""

from collections.abc import Callable
from types import ModuleType

import eventlet
import sqlalchemy as sa

from chassis.bus import topology
from chassis.bus.relay import Relay
from chassis.bus.subscriber import Subscriber
from chassis.db.database import Database
from chassis.ops import housekeeping
from chassis.ops.scheduler import Scheduler
from chassis.reactions import Reactions
from chassis.timers import Timers


class Reactor:
    """Starts and stops them in the order in which they need each other. Nothing here raises while it runs.

    A service without reactions has no queue and no subscriber.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        metadata: sa.MetaData,
        broker_url: str,
        handlers: ModuleType | None = None,
        *,
        ladder: topology.Ladder = topology.STANDARD,
    ) -> None:
        modules = [handlers] if handlers is not None else []
        reactions = Reactions.declared_in(*modules)
        self.relay = Relay(service, database, metadata, broker_url, ladder=ladder)
        self.scheduler = Scheduler(service, database, metadata, Timers.declared_in(housekeeping, *modules))
        self.subscriber = (
            Subscriber(service, database, metadata, reactions, broker_url, ladder=ladder) if reactions else None
        )
        self._running: dict[str, eventlet.greenthread.GreenThread] = {}

    def start(self) -> None:
        """Begin; what is away at the time is waited for in the background."""
        self._spawn("relay", self.relay.run)
        self._spawn("scheduler", self.scheduler.run)
        if self.subscriber is not None:
            self._spawn("subscriber", self.subscriber.run)

    def stop(self, grace: float = 20.0) -> None:
        """Take nothing new, finish what is in hand within ``grace`` seconds, and publish what that told.

        Call it after the requests of this process have ended and before its database is closed.
        """
        with eventlet.Timeout(grace, exception=False):
            if self.subscriber is not None:
                self.subscriber.stop()
            self.scheduler.stop()
            for name in ("subscriber", "scheduler"):
                self._wait_for(name)
            self.relay.stop()
            self._wait_for("relay")
        for thread in self._running.values():
            thread.kill()
        self._running.clear()

    def _wait_for(self, name: str) -> None:
        if name in self._running:
            self._running[name].wait()
            del self._running[name]

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        self._running[name] = eventlet.spawn(run)
