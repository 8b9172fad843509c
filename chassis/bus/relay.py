"""The relay: moves a service's committed events from its outbox to the broker, in order, each at least once."""

import functools
import logging
from typing import Any, Final

import eventlet
import sqlalchemy as sa

from chassis.bus import outbox, topology
from chassis.bus.amqp import Message, Publisher
from chassis.bus.outbox_source import Rows, source_for
from chassis.bus.wakeup import Wakeup
from chassis.db.database import Database
from chassis.ops import metrics

BATCH: Final = 200
LARGEST_BATCH: Final = 800  # while there is a backlog, fewer and larger batches wait less for the disks
POLL: Final = 1.0  # seconds; the safety net behind commit callbacks and notifications
LONGEST_PAUSE: Final = 5.0  # seconds between attempts while the broker or the database is away

log = logging.getLogger(__name__)


class Relay:
    """Publishes one service's outbox. Runs in a greenthread; of several processes of a service one publishes.

    A batch is read, published, confirmed and only then marked: a crash between repeats one batch, which inboxes
    absorb. Memory is one batch, however long the outbox.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        metadata: sa.MetaData,
        broker_url: str,
        *,
        ladder: topology.Ladder = topology.STANDARD,
    ) -> None:
        self.service = service
        self._source = source_for(service, database, metadata)
        self._publisher = Publisher(
            broker_url, f"{service} relay", prepare=functools.partial(topology.declare_shared, ladder=ladder)
        )
        self._wakeup = Wakeup()
        self._stopping = False
        outbox.appended.listen(metadata, self.poke)

    def poke(self, *_: Any) -> None:
        """Look for events now; called after each commit in this process."""
        self._wakeup.poke()

    def stop(self) -> None:
        """Publish what is committed, then end ``run``."""
        self._stopping = True
        self._wakeup.poke()

    def run(self) -> None:
        """Publish until ``stop``. Whatever is away is tried again; nothing is raised."""
        pause = 0.1
        while True:
            try:
                self._turn()
                pause = 0.1
            except Exception as error:  # noqa: BLE001 - the relay outlives its broker and its database
                log.warning("%s: events wait in the outbox: %r", self.service, error)
                self._let_go()
                if not self._stopping:
                    eventlet.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
            if self._stopping:
                break
        self._let_go()
        self._wakeup.close()

    def _turn(self) -> None:
        leads = self._source.lead()
        size = BATCH
        while leads and self._move(size) == size:
            size = min(2 * size, LARGEST_BATCH)
            eventlet.sleep(0)
        if self._stopping:
            return
        happened = self._wakeup.wait(POLL, *self._source.sockets())
        if leads:
            self._source.heard()
        elif happened:
            self._source.pass_on()

    def _move(self, size: int) -> int:
        rows = self._source.pending(size)
        if rows:
            self._publisher.publish(self._messages(rows))
            self._source.mark(rows)
            metrics.events_published.labels(self.service).inc(len(rows))
        return len(rows)

    def _messages(self, rows: Rows) -> list[Message]:
        return [
            Message(
                topology.EXCHANGE,
                row["type"],
                outbox.body(self.service, row),
                {
                    "content_type": outbox.CONTENT_TYPE,
                    "message_id": str(row["event_id"]),
                    "type": row["type"],
                },
            )
            for row in rows
        ]

    def _let_go(self) -> None:
        self._publisher.close()
        self._source.close()
