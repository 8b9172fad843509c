"""The relay does not wait for confirms: what fails is sent again in order, and only what was confirmed is marked."""

import uuid

import eventlet
import pytest

from chassis.bus import subscriber, topology
from chassis.bus.connection import connect, let_go
from chassis.reactions import on
from tests.broker.events.world import OrderPlaced, in_queue, until

pytestmark = pytest.mark.broker
A, B = uuid.UUID(int=1), uuid.UUID(int=2)


def keeping(listener):
    @on(OrderPlaced)
    def keep(uow, event, envelope):
        listener.note(uow, envelope, event.number)

    return keep


def told_apart(teller, subject, *numbers):
    """Tell each event in a transaction of its own, and give the relay a turn after each."""
    for number in numbers:
        teller.tell(subject, number)
        eventlet.sleep(0.001)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_broker_has_not_confirmed_is_sent_on_but_not_marked(teller, listener, rabbitmq):
    listener.listen(keeping(listener))
    relay = teller.relay()
    teller.tell(A, 1)
    until(lambda: listener.notes() == [1] and teller.pending() == 0)
    rabbitmq.freeze()
    try:
        told_apart(teller, A, *range(2, 21))
        until(lambda: len(relay._on_their_way) == 19)
        eventlet.sleep(0.3)
        assert teller.pending() == 19
    finally:
        rabbitmq.thaw()
    until(lambda: teller.pending() == 0)
    until(lambda: listener.notes() == list(range(1, 21)))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_broker_killed_with_a_window_of_unconfirmed_events_gets_them_again_in_order(teller, listener, rabbitmq):
    listener.listen(keeping(listener))
    relay = teller.relay()
    teller.tell(A, 1)
    until(lambda: listener.notes() == [1] and teller.pending() == 0)
    rabbitmq.settle()
    rabbitmq.freeze()
    try:
        told_apart(teller, A, *range(2, 31))
        told_apart(teller, B, *range(1, 31))
        until(lambda: len(relay._on_their_way) == 59)
        rabbitmq.kill()
        eventlet.sleep(0.5)
        assert teller.pending() == 59
    finally:
        rabbitmq.kill()
        rabbitmq.start()
    until(lambda: teller.pending() == 0, 120)
    until(lambda: len(listener.notes()) == 60, 120)
    assert listener.notes(A) == listener.notes(B) == list(range(1, 31))


def test_connections_cut_again_and_again_lose_nothing_and_keep_the_order(teller, listener, rabbitmq, monkeypatch):
    monkeypatch.setattr(subscriber, "SUSPICIOUS", 2)  # so that events are also taken one by one after the cuts
    listener.listen(keeping(listener))
    teller.relay()
    for first in range(1, 301, 100):
        for number in range(first, first + 100):
            teller.tell(A, number)
            teller.tell(B, number)
            eventlet.sleep(0)
        rabbitmq.close_connections()
    until(lambda: teller.pending() == 0, 120)
    until(lambda: len(listener.notes()) == 600, 180)
    assert listener.notes(A) == listener.notes(B) == list(range(1, 301))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_events_that_the_broker_refuses_stay_unmarked_until_it_takes_them(teller, listener, broker):
    listener.listen(keeping(listener))
    teller.relay()
    until(lambda: in_queue(broker, topology.events_queue("counting")) == 0)
    full = {"x-max-length": 5, "x-overflow": "reject-publish"}
    connection = connect(broker, "test")
    try:
        channel = connection.channel()
        channel.queue_declare("small", durable=True, auto_delete=False, arguments=full)
        channel.queue_bind("small", topology.EXCHANGE, "crm.#")
        told_apart(teller, A, *range(1, 21))
        until(lambda: len(listener.notes()) >= 5)
        eventlet.sleep(0.5)
        # Of those that fitted, how many were confirmed before the first refusal ended the line is the broker's affair.
        assert teller.pending() >= 15
        assert in_queue(broker, "small") == 5
        channel.queue_delete("small")
    finally:
        let_go(connection)
    until(lambda: teller.pending() == 0)
    until(lambda: len(listener.notes()) == 20)
    assert listener.notes() == list(range(1, 21))


def test_a_relay_that_is_stopped_marks_what_it_has_sent(teller, listener):
    listener.listen(keeping(listener))
    teller.relay()
    told_apart(teller, A, *range(1, 51))
    teller.stop()
    assert teller.pending() == 0
    until(lambda: listener.notes() == list(range(1, 51)))
