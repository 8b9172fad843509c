"""Events reach handlers once, in order per subject, whatever handlers do."""

import uuid

import pytest
import sqlalchemy as sa

from chassis.bus import outbox, topology
from chassis.bus.amqp import Message, Publisher
from chassis.db import tables
from chassis.reactions import Permanent, on, on_every
from tests.broker.events.world import (
    ANA,
    OrderCounted,
    OrderPlaced,
    in_queue,
    parked_messages,
    until,
)

pytestmark = pytest.mark.broker
A, B = uuid.UUID(int=1), uuid.UUID(int=2)


def test_a_handler_gets_the_event_with_its_cause_and_its_actor(teller, listener):
    calls = []

    @on(OrderPlaced)
    def keep(uow, event, envelope):
        calls.append((event, envelope, uow.call))
        listener.note(uow, envelope, event.number)

    listener.listen(keep)
    teller.relay()
    teller.tell(A, 1)
    until(lambda: listener.notes() == [1])
    (event, envelope, call), *more = calls
    assert not more
    assert event == OrderPlaced(order_id=A, customer_id=uuid.UUID(int=5), number=1)
    assert (envelope.subject, envelope.sequence, envelope.source) == (f"orders/{A}", 1, "/crm/shop")
    assert (envelope.actor.name, envelope.owner, envelope.concerns) == ("Ana", ANA.user_id, (uuid.UUID(int=5),))
    assert (call.actor.kind, call.caused_by, call.correlation_id, call.depth) == (
        "system",
        str(envelope.id),
        "c-1",
        1,
    )
    assert call.traceparent.split("-")[1] == "a" * 32


def test_a_generic_handler_gets_every_event_even_one_it_knows_no_class_of(teller, listener, broker):
    seen = []

    @on_every("crm.#")
    def everything(uow, event, envelope):
        seen.append((envelope.type, None if event is None else event.number))

    listener.listen(everything)
    teller.relay()
    teller.tell(A, 1)
    until(lambda: len(seen) == 1)
    body = (
        b'{"id":"%s","source":"/crm/x","type":"crm.x.unknown.v1","subject":"x/1",' % str(uuid.uuid4()).encode()
        + b'"time":"2026-01-01T00:00:00+00:00","sequence":1,"data":{}}'
    )
    Publisher(broker, "test").publish([Message(topology.EXCHANGE, "crm.x.unknown.v1", body)])
    until(lambda: len(seen) == 2)
    assert seen == [("crm.shop.order_placed.v1", 1), ("crm.x.unknown.v1", None)]


def test_an_event_delivered_twice_is_handled_once(teller, listener, broker):
    @on(OrderPlaced)
    def keep(uow, event, envelope):
        listener.note(uow, envelope, event.number)

    listener.listen(keep)
    teller.relay()
    teller.tell(A, 1, 2, 3)
    # Who has not marked them yet would do so behind us, and not send them again.
    until(lambda: listener.notes() == [1, 2, 3] and teller.pending() == 0)
    table = tables.outbox(teller.metadata)
    with teller.database.write() as session:
        session.execute(sa.update(table).values(published_at=None))
    teller.tell(A, 4)
    until(lambda: listener.notes()[-1] == 4)
    assert listener.notes() == [1, 2, 3, 4]


def test_a_failing_handler_is_tried_again_later_and_its_subject_waits_while_others_pass(teller, listener):
    tries = []

    @on(OrderPlaced)
    def keep(uow, event, envelope):
        if event.order_id == A and event.number == 2 and len(tries) < 3:
            tries.append(event.number)
            raise RuntimeError("not yet")
        listener.note(uow, envelope, event.number)

    listener.listen(keep)
    teller.relay()
    teller.tell(A, 1, 2, 3)
    teller.tell(B, 1, 2, 3)
    until(lambda: listener.notes(B) == [1, 2, 3])
    assert listener.notes(A) == [1]
    teller.tell(A, 4, 5)
    until(lambda: len(listener.notes(A)) == 5)
    assert listener.notes(A) == [1, 2, 3, 4, 5]
    assert len(tries) == 3
    until(lambda: listener.count("inbox_blocked") == 0)


def test_an_event_that_fails_to_the_end_is_parked_with_its_error_and_frees_its_subject(teller, listener, broker):
    tries = []

    @on(OrderPlaced)
    def keep(uow, event, envelope):
        if event.number == 1:
            tries.append(event.number)
            raise RuntimeError("never")
        listener.note(uow, envelope, event.number)

    listener.listen(keep)
    teller.relay()
    teller.tell(A, 1, 2)
    until(lambda: listener.notes() == [2])
    until(lambda: in_queue(broker, "counting.parked") == 1)
    # At once and after each of three delays. Each time it may come together with the event that waits behind it:
    # then the two share a transaction first, and where that fails each is handled by itself.
    assert 4 <= len(tries) <= 8
    (message,) = parked_messages(broker, "counting")
    headers = message.properties["application_headers"]
    assert headers["x-trato-error"] == "RuntimeError: never"
    assert headers["x-trato-attempt"] == 4
    until(lambda: listener.count("inbox_blocked") == 0)


def test_a_permanent_failure_is_parked_at_once(teller, listener, broker):
    tries = []

    @on(OrderPlaced)
    def keep(uow, event, envelope):
        tries.append(event.number)
        raise Permanent("this can never work")

    listener.listen(keep)
    teller.relay()
    teller.tell(A, 1)
    until(lambda: in_queue(broker, "counting.parked") == 1)
    assert tries == [1]


def test_a_message_that_is_no_event_is_parked_and_the_next_is_handled(teller, listener, broker):
    @on(OrderPlaced)
    def keep(uow, event, envelope):
        listener.note(uow, envelope, event.number)

    listener.listen(keep)
    teller.relay()
    Publisher(broker, "test").publish([Message("", "counting.events", b"\x00 not JSON")])
    teller.tell(A, 1)
    until(lambda: listener.notes() == [1])
    until(lambda: in_queue(broker, "counting.parked") == 1)


def test_of_two_handlers_the_one_that_fails_does_not_undo_the_other(teller, listener):
    tries = []

    @on(OrderPlaced)
    def well(uow, event, envelope):
        listener.note(uow, envelope, event.number)

    @on(OrderPlaced)
    def badly(uow, event, envelope):
        tries.append(event.number)
        if len(tries) < 3:
            raise RuntimeError("not yet")
        listener.note(uow, envelope, event.number * 10)

    listener.listen(well, badly)
    teller.relay()
    teller.tell(A, 1)
    until(lambda: listener.notes() == [1, 10])
    assert tries == [1, 1, 1]


def test_what_a_handler_tells_carries_the_cause_and_a_loop_is_cut(teller, listener, broker):
    depths = []

    @on(OrderCounted)
    def answer_oneself(uow, event, envelope):
        depths.append(envelope.depth)
        record = outbox.Record(
            event=OrderCounted(number=event.number + 1),
            resource="counts",
            aggregate_id=A,
            sequence=event.number + 1,
            call=uow.call,
        )
        outbox.append(uow.session, listener.metadata, [record])

    from chassis.bus.relay import Relay
    from tests.broker.events.world import CALL, QUICK

    listener.run(Relay("counting", listener.database, listener.metadata, broker, ladder=QUICK))
    listener.listen(answer_oneself)
    with listener.database.write() as session:
        first = outbox.Record(event=OrderCounted(number=1), resource="counts", aggregate_id=A, sequence=1, call=CALL)
        outbox.append(session, listener.metadata, [first])
    until(lambda: in_queue(broker, "counting.parked") == 1)
    assert depths == list(range(17))


def test_a_binding_that_no_handler_needs_any_more_is_taken_away(teller, listener, broker):
    @on(OrderPlaced)
    def keep(uow, event, envelope):
        listener.note(uow, envelope, event.number)

    @on(OrderCounted)
    def other(uow, event, envelope):
        pass

    listener.listen(keep)
    listener.stop()
    listener.listen(other)
    teller.relay()
    teller.tell(A, 1)
    until(lambda: teller.pending() == 0)
    assert in_queue(broker, "counting.events") == 0
