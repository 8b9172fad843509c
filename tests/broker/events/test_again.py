"""Events can be read again: from the history, from the event log to one consumer, from the parking queue."""

import json
import subprocess
import sys
import uuid
from contextlib import closing

import eventlet
import pika
import pytest

from chassis.bus import parking, topology
from chassis.bus.amqp import NotConfirmed
from chassis.bus.replay import Consumer, Selection, replay
from chassis.reactions import Permanent, on
from tests.broker.events.test_outages import ROOT
from tests.broker.events.world import OrderPlaced, in_queue, until

pytestmark = pytest.mark.broker
A, B = uuid.UUID(int=1), uuid.UUID(int=2)


def keeping(listener):
    @on(OrderPlaced)
    def keep(uow, event, envelope):
        listener.note(uow, envelope, event.number)

    return keep


def replayed(teller, listener, *, again=False, **chosen):
    to = Consumer(listener.name, listener.database, listener.metadata)
    steps = replay(
        "shop",
        teller.database,
        teller.metadata,
        teller.broker,
        to=to,
        selection=Selection(**chosen),
        again=again,
    )
    return max(steps, default=0)


def test_replay_feeds_only_handlers_that_have_not_seen_an_event(teller, listener):
    listener.listen(keeping(listener))
    teller.relay()
    teller.tell(A, 1, 2, 3)
    until(lambda: listener.notes() == [1, 2, 3])
    listener.stop()

    @on(OrderPlaced)
    def newcomer(uow, event, envelope):
        listener.note(uow, envelope, event.number * 10)

    listener.listen(keeping(listener), newcomer)
    assert replayed(teller, listener) == 3
    until(lambda: listener.notes() == [1, 2, 3, 10, 20, 30])
    assert replayed(teller, listener) == 3
    teller.tell(A, 4)
    until(lambda: sorted(listener.notes()[6:]) == [4, 40])  # which stands behind what was replayed
    assert listener.notes()[:6] == [1, 2, 3, 10, 20, 30]


def test_replay_again_lets_handlers_see_the_chosen_events_anew(teller, listener):
    listener.listen(keeping(listener))
    teller.relay()
    teller.tell(A, 1, 2)
    teller.tell(B, 1)
    until(lambda: listener.notes(A) == [1, 2] and listener.notes(B) == [1])
    assert replayed(teller, listener, again=True, subject=f"orders/{A}", type=OrderPlaced.type) == 2
    until(lambda: listener.notes(A) == [1, 2, 1, 2])
    assert listener.notes(B) == [1]
    assert replayed(teller, listener, type="crm.shop.nothing.v1") == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_replay_to_a_consumer_without_a_queue_says_so(teller, listener):
    teller.relay()
    teller.tell(A, 1)
    until(lambda: teller.pending() == 0)
    with pytest.raises(NotConfirmed, match=r"counting\.events"):
        replayed(teller, listener)


def park_two(teller, listener, broker, error):
    """Have an event of A and one of B be given up on with ``error``; return a list to clear when that is mended."""
    cause = [error]

    @on(OrderPlaced)
    def keep(uow, event, envelope):
        if cause:
            raise cause[0]
        listener.note(uow, envelope, event.number)

    listener.listen(keep)
    teller.relay()
    teller.tell(A, 1)
    teller.tell(B, 1)
    until(lambda: in_queue(broker, "counting.parked") == 2)
    return cause


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_parked_event_is_listed_and_handled_when_it_is_sent_again(teller, listener, broker):
    cause = park_two(teller, listener, broker, RuntimeError("broken"))
    for _ in range(10):  # who looked leaves everything where it was
        found = parking.parked(broker, "counting")
        assert sorted(each.subject for each in found) == [f"orders/{A}", f"orders/{B}"]
    assert {(each.error, each.attempt) for each in found} == {("RuntimeError: broken", 4)}
    cause.clear()
    assert parking.resend(broker, "counting", found[0].id) == 1
    until(lambda: len(listener.notes()) == 1)
    assert parking.resend(broker, "counting") == 1
    until(lambda: len(listener.notes()) == 2)
    assert parking.parked(broker, "counting") == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_dying_service_parked_twice_is_listed_and_sent_again_once(teller, listener, broker):
    cause = park_two(teller, listener, broker, Permanent("broken"))
    # As if the service had died after the broker had the parked event, and before it knew so.
    replayed(teller, listener, subject=f"orders/{A}")
    until(lambda: in_queue(broker, "counting.parked") == 3)
    found = parking.parked(broker, "counting")
    assert sorted(each.subject for each in found) == [f"orders/{A}", f"orders/{B}"]
    cause.clear()
    twice = next(each for each in found if each.subject == f"orders/{A}")
    assert parking.resend(broker, "counting", twice.id) == 1
    until(lambda: listener.notes() == [1])
    assert [each.subject for each in parking.parked(broker, "counting")] == [f"orders/{B}"]
    assert parking.resend(broker, "counting") == 1
    until(lambda: listener.notes() == [1, 1])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_parked_is_found_while_the_broker_is_too_busy_to_count_it(teller, listener, broker, rabbitmq):
    def meanwhile(do):
        queue = f"{broker.rsplit('/', 1)[1]}_counting.parked"
        busy = "erlang:suspend_process(Queue), timer:sleep(3000), erlang:resume_process(Queue)"
        held = eventlet.spawn(rabbitmq.evaluate, f'Queue = whereis(list_to_atom("{queue}")), {busy}.')
        until(lambda: held.dead or in_queue(broker, "counting.parked") == 0)
        found = do()
        held.wait()
        return found

    cause = park_two(teller, listener, broker, Permanent("broken"))
    assert len(meanwhile(lambda: parking.parked(broker, "counting"))) == 2
    cause.clear()
    assert meanwhile(lambda: parking.resend(broker, "counting")) == 2
    until(lambda: listener.notes() == [1, 1])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_late_reader_gets_the_whole_history_through_plain_pika(teller, listener, broker):
    teller.relay()
    teller.tell(A, 1, 2, 3)
    until(lambda: teller.pending() == 0)
    seen = []
    with closing(pika.BlockingConnection(pika.URLParameters(broker))) as connection:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=10)
        arguments = {"x-stream-offset": "first"}
        for method, _, body in channel.consume(topology.HISTORY, arguments=arguments, inactivity_timeout=60):
            if method is None:
                break
            seen.append(json.loads(body)["sequence"])
            channel.basic_ack(method.delivery_tag)
            if len(seen) == 3:
                break
    assert seen == [1, 2, 3]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_shows_history_parked_events_and_orphans(teller, listener, broker):
    @on(OrderPlaced)
    def keep(uow, event, envelope):
        raise ValueError("no")

    listener.listen(keep)
    teller.relay()
    teller.tell(A, 1)
    until(lambda: in_queue(broker, "counting.parked") == 1)
    environment = {"TRATO_ENVIRONMENT": "development", "TRATO_BROKER_URL": broker, "PATH": "/usr/bin:/bin"}

    def run(*arguments, seconds=120):
        command = ["timeout", str(seconds), sys.executable, "-W", "ignore", "-m", "tools.events", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True).stdout

    def first_line(*arguments):
        command = [sys.executable, "-u", "-W", "ignore", "-m", "tools.events", *arguments]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as follows:
            line = follows.stdout.readline()
            follows.kill()
        return line

    assert "ValueError: no" in run("parked", "--service", "counting")
    assert f"orders/{A} #1  by Ana" in first_line("tail", "--from", "first")
    assert "counting.events" in run("orphans", "--name", "counting")
    assert "1 sent again" in run("resend", "--all", "--service", "counting")
    listener.stop()
    assert "deleted" in run("orphans", "--name", "counting", "--delete")
    assert "No orphans" in run("orphans", "--name", "counting")
