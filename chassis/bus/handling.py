"""Handles events with a service's reactions: many in one transaction, or one by one where one of them fails."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.bus.inbox import Done, Inbox, must_wait
from chassis.clock import utc_now
from chassis.context import SYSTEM, Call, calling
from chassis.db.database import Database
from chassis.envelope import Envelope
from chassis.ops import logs, metrics, tracing
from chassis.reactions import Permanent, Reaction, Reactions, event_in
from chassis.unit_of_work import UnitOfWork

# An event that was caused by an event that was caused … this often goes in circles.
DEEPEST: Final = 16

log = logging.getLogger(__name__)


class Behind(Exception):
    """An earlier event of the same subject has to come first."""


@dataclass(frozen=True)
class Handling:
    """One service's reactions on its database. A failed transaction leaves nothing behind."""

    service: str
    database: Database
    metadata: sa.MetaData
    reactions: Reactions
    inbox: Inbox

    def together(self, envelopes: Sequence[Envelope]) -> None:
        """Handle events in order in one transaction.

        Raises what a reaction raises, or ``Behind``; then nothing is done.
        """
        with self.database.write() as session:
            done, waiting = self.inbox.known(session, envelopes)
            handled: list[tuple[str, uuid.UUID]] = []
            for envelope in envelopes:
                if must_wait(envelope, waiting):
                    raise Behind(envelope.subject)
                for reaction in self._due(envelope, done):
                    self._react(session, reaction, envelope)
                    done.add((self._consumer(reaction), envelope.id))
                    handled.append((self._consumer(reaction), envelope.id))
                if any(other.event_id == envelope.id for other in waiting.get(envelope.subject, ())):
                    self.inbox.release(session, envelope)
            self.inbox.note(session, handled)
        self._observe(envelopes, {event_id for _, event_id in handled})

    def apart(self, envelope: Envelope) -> None:
        """Handle one event, each reaction in its own transaction, so that one failing does not undo the others.

        Raises ``Behind``, or what the first failing reaction raised after all had their turn.
        """
        with self.database.read() as session:
            done, waiting = self.inbox.known(session, [envelope])
            due = self._due(envelope, done)
        if must_wait(envelope, waiting):
            raise Behind(envelope.subject)
        failure: Exception | None = None
        for reaction in due:
            try:
                self._alone(reaction, envelope)
            except Exception as error:  # noqa: BLE001 - the others still get their turn; it is raised below
                failure = failure or error
        if failure is not None:
            raise failure
        if waiting:
            with self.database.write() as session:
                self.inbox.release(session, envelope)
        self._observe([envelope], {envelope.id} if due else set())

    def _alone(self, reaction: Reaction, envelope: Envelope) -> None:
        with self.database.write() as session:
            self._react(session, reaction, envelope)
            self.inbox.note(session, [(self._consumer(reaction), envelope.id)])

    def _due(self, envelope: Envelope, done: Done) -> list[Reaction]:
        wanted = self.reactions.to(envelope.type)
        return [each for each in wanted if (self._consumer(each), envelope.id) not in done]

    def _react(self, session: Session, reaction: Reaction, envelope: Envelope) -> None:
        if envelope.depth > DEEPEST:
            raise Permanent(f"{envelope.depth} events led to this one: handlers answer each other without end")
        event = event_in(envelope, reaction)
        name = self._consumer(reaction)
        with logs.about(self.service, reaction.name), tracing.span(name, envelope.traceparent) as step:
            call = Call(
                actor=SYSTEM,
                request_id=envelope.correlation_id,
                correlation_id=envelope.correlation_id,
                traceparent=step.traceparent,
                method=name,
                caused_by=str(envelope.id),
                cause=envelope.type,
                depth=envelope.depth + 1,
            )
            with calling(call):
                work = UnitOfWork(session, self.metadata, call)
                reaction.work(work, event, envelope)
                work.flush()

    def _consumer(self, reaction: Reaction) -> str:
        return f"{self.service}.{reaction.name}"

    def _observe(self, envelopes: Sequence[Envelope], handled: set[uuid.UUID]) -> None:
        now = utc_now()
        for envelope in envelopes:
            metrics.observe_event(self.service, envelope.type, (now - envelope.time).total_seconds())
        repeated = len(envelopes) - len(handled)
        metrics.events_handled.labels(self.service, "ok").inc(len(handled))
        if repeated:
            metrics.events_handled.labels(self.service, "repeated").inc(repeated)
