"""Two services for the tests of events: one tells, one listens, on the real broker and real databases."""

import types
import uuid
from dataclasses import dataclass
from datetime import timedelta

import eventlet
import sqlalchemy as sa

from chassis.bus import outbox, topology
from chassis.bus.connection import connect, let_go
from chassis.bus.relay import Relay
from chassis.bus.subscriber import Subscriber
from chassis.context import Actor, Call
from chassis.db import tables
from chassis.db.database import Database
from chassis.events import ContactId, Event
from chassis.reactions import Reactions

QUICK = topology.Ladder(tuple(timedelta(milliseconds=each) for each in (200, 400, 600)))
ANA = Actor(user_id=uuid.UUID(int=7), name="Ana", kind="user")
CALL = Call(actor=ANA, request_id="r-1", correlation_id="c-1", traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01")


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event, source="shop"):
    """Somebody ordered something."""

    order_id: uuid.UUID
    customer_id: ContactId
    number: int


@dataclass(frozen=True, kw_only=True)
class OrderCounted(Event, source="counting"):
    """What a handler tells in its turn."""

    number: int


def new_metadata() -> sa.MetaData:
    """Return the tables of a service, with one of its own: what its handlers wrote, in order."""
    metadata = sa.MetaData()
    tables.attach(metadata)
    sa.Table(
        "notes",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject", sa.String(80)),
        sa.Column("number", sa.Integer),
        sa.Column("consumer", sa.String(80)),
    )
    return metadata


def until(condition, seconds=60.0):
    """Wait until the condition holds; fail when it does not come to it, which on a busy machine may take long."""
    with eventlet.Timeout(seconds):
        while not condition():
            eventlet.sleep(0.02)


class Side:
    """A service with its database."""

    def __init__(self, name, url, broker):
        self.name, self.broker = name, broker
        self.metadata = new_metadata()
        self.database = Database(url, self.metadata)
        self.metadata.create_all(self.database.engine)
        self._threads = []

    def run(self, part):
        self._threads.append((part, eventlet.spawn(part.run)))
        return part

    def stop(self):
        for part, _ in self._threads:
            part.stop()
        for _, thread in self._threads:
            with eventlet.Timeout(60, exception=False):
                thread.wait()
            thread.kill()
        self._threads.clear()

    def close(self):
        self.stop()
        self.database.dispose()


class Teller(Side):
    """Tells events; its relay runs while `relay` was called."""

    def relay(self):
        return self.run(Relay(self.name, self.database, self.metadata, self.broker, ladder=QUICK))

    def tell(self, subject, *numbers, call=CALL):
        # The disk of a busy machine may take longer than the broker may be silent; no test cuts the power.
        with self.database.write(durable=False) as session:
            outbox.append(
                session,
                self.metadata,
                [
                    outbox.Record(
                        event=OrderPlaced(order_id=subject, customer_id=uuid.UUID(int=5), number=number),
                        resource="orders",
                        aggregate_id=subject,
                        sequence=number,
                        call=call,
                        owner=ANA.user_id,
                    )
                    for number in numbers
                ],
            )

    def pending(self):
        table = tables.outbox(self.metadata)
        with self.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).where(table.c.published_at.is_(None)))


class Listener(Side):
    """Listens with the given reactions."""

    def listen(self, *reactions):
        handlers = types.ModuleType("handlers")
        for reaction in reactions:
            setattr(handlers, reaction.__name__, reaction)
        found = Reactions.declared_in(handlers)
        subscriber = Subscriber(self.name, self.database, self.metadata, found, self.broker, ladder=QUICK)
        subscriber.declare()
        return self.run(subscriber)

    def note(self, uow, envelope, number, consumer="keep"):
        """What handlers do: write a row in their transaction."""
        row = {"subject": envelope.subject, "number": number, "consumer": consumer}
        uow.session.execute(sa.insert(self.metadata.tables["notes"]), row)

    def notes(self, subject=None):
        """Return the numbers noted, in the order of writing."""
        notes = self.metadata.tables["notes"]
        query = sa.select(notes.c.number).order_by(notes.c.id)
        if subject is not None:
            query = query.where(notes.c.subject == f"orders/{subject}")
        with self.database.read() as session:
            return list(session.scalars(query))

    def count(self, table):
        with self.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(self.metadata.tables[table]))


def in_queue(broker, queue):
    """Return how many messages wait in a queue."""
    connection = connect(broker, "test")
    try:
        return connection.channel().queue_declare(queue, passive=True).message_count
    finally:
        let_go(connection)


def parked_messages(broker, service):
    """Return the parked messages with their headers, leaving them where they are."""
    connection = connect(broker, "test")
    try:
        channel = connection.channel()
        found = []
        while (message := channel.basic_get(topology.parking_queue(service))) is not None:
            found.append(message)
        return found
    finally:
        let_go(connection)
