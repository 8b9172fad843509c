"""The subscriber: takes a service's events from its queue, in order, and sees each of them to an end."""

import functools
import logging
import time
from collections.abc import Callable
from typing import Final

import eventlet
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from chassis.bus import topology
from chassis.bus.connection import connect, let_go
from chassis.bus.delivery import Delivery
from chassis.bus.handling import Behind, Handling
from chassis.bus.inbox import Inbox
from chassis.bus.intake import Intake
from chassis.bus.retry import Retry
from chassis.db.database import Database
from chassis.envelope import Envelope, Undecodable
from chassis.errors import Unavailable
from chassis.events import registered
from chassis.ops import metrics
from chassis.reactions import Permanent, Reactions

BATCH: Final = 50
PREFETCH: Final = 200
LONGEST_PAUSE: Final = 5.0  # seconds between attempts while the broker or the database is away
IN_PLACE: Final = 3  # attempts at once, without leaving the place in the queue, where a race or a lock may be the cause
# A message that came back this often unanswered may be what kills the process, not just one that saw the broker
# restart: it is taken alone, so that those behind it do not use up their deliveries (topology.DELIVERY_LIMIT) with it.
SUSPICIOUS: Final = 8
_COUNT_EVERY: Final = 30.0
_PASSING: Final = (DBAPIError, PoolTimeout, StaleDataError, Unavailable)

log = logging.getLogger(__name__)


class Subscriber:
    """Feeds one service's reactions. Runs in a greenthread; of several processes of a service one is fed at a time.

    Up to ``BATCH`` events share a transaction. Where that fails they are handled one by one: an event whose
    handler fails goes to the retry ladder and later ones of its subject wait for it, others pass. While the
    database or the broker is away everything waits in place.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        metadata: sa.MetaData,
        reactions: Reactions,
        broker_url: str,
        *,
        ladder: topology.Ladder = topology.STANDARD,
    ) -> None:
        self.service = service
        self._database, self._reactions, self._url, self._ladder = database, reactions, broker_url, ladder
        self._inbox = Inbox(service, metadata)
        self._handling = Handling(service, database, metadata, reactions, self._inbox)
        self._retry = Retry(service, broker_url, ladder)
        self._intake: Intake | None = None
        self._stopping = False
        self._counted_at = 0.0

    def declare(self) -> None:
        """Declare queues and bindings. Raise ``TopologyMismatch`` or one of ``connection.AWAY``."""
        connection = connect(self._url, f"{self.service} topology")
        try:
            topology.declare_shared(connection, self._ladder)
            unheard = (event.type for event in registered())
            topology.declare_service(connection, self.service, self._reactions.keys(), unheard)
        finally:
            let_go(connection)

    def stop(self) -> None:
        """Finish what is in hand, then end ``run``."""
        self._stopping = True
        if self._intake is not None:
            self._intake.wake()

    def run(self) -> None:
        """Handle events until ``stop``. Whatever is away is tried again; nothing is raised.

        A service without reactions has no queue; then this only waits to be stopped.
        """
        while not self._reactions and not self._stopping:
            eventlet.sleep(1)
        pause, prefetch, declared = 0.1, PREFETCH, False
        while not self._stopping:
            try:
                if not declared:
                    self.declare()
                    declared = True
                self._intake = Intake.open(self._url, topology.events_queue(self.service), prefetch)
                pause = 0.1
                prefetch = self._serve(self._intake)
            except Exception as error:  # noqa: BLE001 - the subscriber outlives its broker and its database
                if not self._stopping:
                    log.warning("%s: events wait in the queue: %s", self.service, error)
                    # A queue that was deleted meanwhile is declared again.
                    declared = False
                    eventlet.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
            finally:
                if self._intake is not None:
                    self._intake.close()
        self._retry.close()

    def _serve(self, intake: Intake) -> int:
        """Handle what comes until something must change; return the prefetch to go on with."""
        while not self._stopping:
            batch = intake.take(BATCH, 1.0)
            suspicious = any(delivery.returns >= SUSPICIOUS for delivery in batch)
            if suspicious and intake.prefetch > 1:
                return 1
            if batch:
                # What is given back to a quorum queue comes again behind all that was given back before. So of the
                # ones that stand behind the suspicious one, none may be in hand when this intake ends.
                last_alone = intake.prefetch == 1 and not suspicious
                if last_alone:
                    intake.leave()
                self._handle(intake, batch)
                if last_alone:
                    return PREFETCH
                eventlet.sleep(0)
            self._count()
        return PREFETCH

    def _handle(self, intake: Intake, batch: list[Delivery]) -> None:
        envelopes = [_read(delivery) for delivery in batch]
        readable = [each for each in envelopes if isinstance(each, Envelope)]
        if len(batch) > 1 and len(readable) == len(batch):
            try:
                self._handling.together(readable)
            except Exception as error:  # noqa: BLE001 - which one it was shows when they are handled one by one
                log.debug("%s: %d events are handled one by one: %r", self.service, len(batch), error)
            else:
                intake.done(batch[-1])
                return
        for delivery, envelope in zip(batch, envelopes, strict=True):
            if isinstance(envelope, Envelope):
                self._one(intake, delivery, envelope)
            else:
                log.error("%s: a message is parked: %s", self.service, envelope)
                self._held(intake, functools.partial(self._retry.park, delivery, envelope))
                metrics.events_handled.labels(self.service, "parked").inc()
            intake.done(delivery)

    def _one(self, intake: Intake, delivery: Delivery, envelope: Envelope) -> None:
        try:
            self._patiently(intake, envelope)
        except Behind:
            self._held(intake, functools.partial(self._wait, delivery, envelope))
        except Exception as error:
            final = isinstance(error, Permanent | Undecodable) or not self._retry.may_try_again(delivery)
            log.log(
                logging.ERROR if final else logging.WARNING,
                "%s: %s of %s is %s after attempt %d",
                self.service,
                envelope.type,
                envelope.subject,
                "parked" if final else "tried again later",
                delivery.attempt + 1,
                exc_info=error,
            )
            settle = self._park if final else self._climb
            self._held(intake, functools.partial(settle, delivery, envelope, error))

    def _patiently(self, intake: Intake, envelope: Envelope) -> None:
        """Handle one event; wait while the database is away; try again in place what may be a race."""
        attempt, pause = 1, 0.05
        while True:
            try:
                if attempt == 1:
                    self._first(envelope)
                else:
                    self._handling.apart(envelope)
                return  # noqa: TRY300 - the loop ends here or by raising
            except _PASSING as error:
                if self._answers():
                    attempt += 1
                    if attempt > IN_PLACE:
                        raise
                else:
                    log.warning("%s: events wait for the database: %s", self.service, error)
                self._hold(intake, pause)
                pause = min(pause * 4, LONGEST_PAUSE)

    def _first(self, envelope: Envelope) -> None:
        if len(self._reactions.to(envelope.type)) > 1:
            self._handling.apart(envelope)
        else:
            self._handling.together([envelope])

    def _wait(self, delivery: Delivery, envelope: Envelope) -> None:
        with self._database.write() as session:
            self._inbox.block(session, envelope)
        self._retry.behind(delivery)

    def _climb(self, delivery: Delivery, envelope: Envelope, error: Exception) -> None:
        # The subject is blocked before the event leaves: a crash between leaves both here, never neither.
        with self._database.write() as session:
            self._inbox.block(session, envelope)
        self._retry.later(delivery, error)
        metrics.events_handled.labels(self.service, "retried").inc()

    def _park(self, delivery: Delivery, envelope: Envelope, error: Exception) -> None:
        self._retry.park(delivery, error)
        with self._database.write() as session:
            self._inbox.release(session, envelope)
        metrics.events_handled.labels(self.service, "parked").inc()

    def _held(self, intake: Intake, settle: Callable[[], None]) -> None:
        """Do what must succeed before the event may leave the queue, as long as it takes."""
        pause = 0.1
        while True:
            try:
                settle()
            except Exception as error:  # noqa: BLE001 - infrastructure: the reactions are not run here
                log.warning("%s: an event is held: %s", self.service, error)
                self._hold(intake, pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return

    def _hold(self, intake: Intake, seconds: float) -> None:
        end = time.monotonic() + seconds
        while True:
            intake.check()
            if self._stopping:
                raise ConnectionError("stopping: what is held will be delivered again")
            left = end - time.monotonic()
            if left <= 0:
                return
            eventlet.sleep(min(left, 0.25))

    def _answers(self) -> bool:
        try:
            self._database.check()
        except Exception:  # noqa: BLE001 - whatever it says, it is not well
            return False
        return True

    def _count(self) -> None:
        if time.monotonic() - self._counted_at > _COUNT_EVERY:
            self._counted_at = time.monotonic()
            metrics.parked.labels(self.service).set(self._retry.parked())


def _read(delivery: Delivery) -> Envelope | Undecodable:
    try:
        return Envelope.from_json(delivery.body)
    except Undecodable as error:
        return error
