"""The relay: moves a service's committed events from its outbox to the broker, in order, each at least once."""

import functools
import logging
from time import monotonic
from typing import Any, Final

import eventlet
import sqlalchemy as sa

from chassis.bus import outbox, topology
from chassis.bus.amqp import Message
from chassis.bus.gathering import Gathering
from chassis.bus.outbox_source import source_for
from chassis.bus.pipeline import Pipeline
from chassis.bus.wakeup import Wakeup
from chassis.db.database import Database
from chassis.ops import metrics

BATCH: Final = 400  # rows read, or marked, at once
WINDOW: Final = 1_200  # rows on their way at most: memory, and what a crash makes the relay repeat
MARK_AFTER: Final = 0.1  # seconds that confirmed rows may wait to be marked together: a mark is a commit of its own
POLL: Final = 1.0  # seconds; the safety net behind commit callbacks and notifications
LONGEST_PAUSE: Final = 5.0  # seconds between attempts while the broker or the database is away

log = logging.getLogger(__name__)


class Relay:
    """Publishes one service's outbox. Runs in a greenthread; of several processes of a service one publishes.

    What is committed is sent at once, in the order of the outbox, while the broker confirms what was sent before.
    Rows are marked once they are confirmed, many at a time. When anything fails the relay begins again with what is
    not marked, so it repeats at most a window, which inboxes absorb, and leaves nothing out.
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
        self._wakeup = Wakeup()
        self._pipeline = Pipeline(
            broker_url,
            f"{service} relay",
            prepare=functools.partial(topology.declare_shared, ladder=ladder),
            heard=self._wakeup.poke,
        )
        self._gathering = Gathering()
        self._on_their_way: set[int] = set()  # rows that were sent and are not marked
        self._confirmed: list[int] = []  # those of them that can be marked
        self._mark_at = self._look_at = 0.0
        self._news = True
        self._stopping = False
        outbox.appended.listen(metadata, self.poke)

    def poke(self, *_: Any) -> None:
        """Look for events now; called after each commit in this process."""
        self._news = True
        self._wakeup.poke()

    def stop(self) -> None:
        """Publish what is committed, then end ``run``."""
        self._stopping = True
        self.poke()

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
                if self._stopping:
                    break
                eventlet.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            if self._stopping and not self._on_their_way and not self._news:
                break
        self._let_go()
        self._wakeup.close()

    def _turn(self) -> None:
        if not self._source.lead():
            self._news = False
            if not self._stopping and self._wakeup.wait(POLL):
                self._source.pass_on()
            return
        self._pipeline.check()
        self._mark()
        if (self._news or monotonic() >= self._look_at) and self._send():
            eventlet.sleep(0)
        elif not self._stopping or self._on_their_way:
            self._wakeup.wait(self._patience(), *self._source.sockets())
            self._news = self._source.heard() or self._news

    def _send(self) -> bool:
        """Send what is new, as far as the window is open; answer whether there is more to send at once."""
        room = min(BATCH, WINDOW - len(self._on_their_way))
        self._look_at = monotonic() + POLL
        if room <= 0:
            return False
        if (pause := self._gathering.pause()) and not self._stopping:
            eventlet.sleep(pause)
        self._news = False
        rows = self._source.pending(room, self._on_their_way)
        self._gathering.took(len(rows))
        if rows:
            self._pipeline.send((row["id"], self._message(row)) for row in rows)
            self._on_their_way.update(row["id"] for row in rows)
        self._news = self._news or len(rows) == room
        return len(rows) == room

    def _mark(self) -> None:
        """Mark what is confirmed, when it is enough, has waited for long or nothing else is to come."""
        fresh = self._pipeline.confirmed()
        if fresh and not self._confirmed:
            self._mark_at = monotonic() + MARK_AFTER
        self._confirmed += fresh
        if not self._confirmed:
            return
        over = self._stopping and not self._pipeline.waits
        if over or len(self._confirmed) >= BATCH or monotonic() >= self._mark_at:
            self._source.mark(self._confirmed)
            metrics.events_published.labels(self.service).inc(len(self._confirmed))
            self._on_their_way.difference_update(self._confirmed)
            self._confirmed = []

    def _patience(self) -> float:
        until = min(self._look_at, self._mark_at) if self._confirmed else self._look_at
        return max(0.0, until - monotonic())

    def _message(self, row: sa.RowMapping) -> Message:
        return Message(
            topology.EXCHANGE,
            row["type"],
            outbox.body(self.service, row),
            {"content_type": outbox.CONTENT_TYPE, "message_id": str(row["event_id"]), "type": row["type"]},
        )

    def _let_go(self) -> None:
        """Forget what is on its way; the next turn reads the table again."""
        self._pipeline.close()
        self._confirmed += self._pipeline.confirmed()
        try:
            if self._confirmed:
                self._source.mark(self._confirmed)
        except Exception as error:  # noqa: BLE001 - they are published once more
            log.warning("%s: %d published events are not marked: %r", self.service, len(self._confirmed), error)
        self._source.close()
        self._on_their_way.clear()
        self._confirmed = []
        self._news = True
