"""Nothing is lost and nothing happens twice when the broker, a relay or a consumer stops or is killed."""

import subprocess
import sys
import uuid
from pathlib import Path

import eventlet
import pytest
import sqlalchemy as sa

from chassis.reactions import on
from tests.broker.events.world import Listener, OrderPlaced, Teller, until

pytestmark = [pytest.mark.broker, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[3]
SUBJECTS = [uuid.UUID(int=n) for n in range(1, 6)]


def keeping(listener):
    @on(OrderPlaced)
    def keep(uow, event, envelope):
        listener.note(uow, envelope, event.number)

    return keep


def tell_all(teller, first, last):
    for number in range(first, last + 1):
        for subject in SUBJECTS:
            teller.tell(subject, number)
        eventlet.sleep(0)


def in_order(listener, last):
    return all(listener.notes(subject) == list(range(1, last + 1)) for subject in SUBJECTS)


@pytest.mark.parametrize("how", ["stop", "kill"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_broker_that_goes_away_loses_no_event(teller, listener, rabbitmq, how):
    listener.listen(keeping(listener))
    teller.relay()
    tell_all(teller, 1, 1)
    until(lambda: len(listener.notes()) == 5)
    rabbitmq.settle()
    tell_all(teller, 2, 40)
    until(lambda: len(listener.notes()) > 20)
    getattr(rabbitmq, how)()
    tell_all(teller, 41, 80)
    eventlet.sleep(5 if how == "stop" else 1)
    rabbitmq.start()
    tell_all(teller, 81, 100)
    until(lambda: len(listener.notes()) >= 500, 180)
    assert in_order(listener, 100)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_alarm_at_the_broker_holds_events_and_loses_none(teller, listener, rabbitmq):
    listener.listen(keeping(listener))
    teller.relay()
    tell_all(teller, 1, 5)
    until(lambda: len(listener.notes()) == 25)
    rabbitmq.memory_alarm(on=True)
    try:
        tell_all(teller, 6, 20)
        eventlet.sleep(2)
    finally:
        rabbitmq.memory_alarm(on=False)
    until(lambda: len(listener.notes()) >= 100)
    assert in_order(listener, 20)


@pytest.mark.postgres
def test_a_database_that_goes_away_holds_events_in_place_and_in_order(teller, broker, postgres):
    listener = Listener("counting", postgres.new_database(), broker)
    try:
        tries = []

        @on(OrderPlaced)
        def keep(uow, event, envelope):
            tries.append(event.number)
            listener.note(uow, envelope, event.number)

        listener.listen(keep)
        teller.relay()
        tell_all(teller, 1, 10)
        until(lambda: len(listener.notes()) == 50)
        postgres.stop()
        tell_all(teller, 11, 20)
        eventlet.sleep(3)
        postgres.start()
        until(lambda: len(listener.notes()) >= 100)
        assert in_order(listener, 20)
        assert listener.count("inbox_blocked") == 0
    finally:
        listener.close()


def start(mode, broker, url):
    command = [sys.executable, "-W", "ignore", "-m", "tests.broker.events.process", mode, broker, url]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    return process


@pytest.mark.parametrize("killed", ["relay", "listen"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_process_killed_at_work_loses_nothing_and_does_nothing_twice(broker, tmp_path, request, killed, kind):
    if kind == "sqlite":
        urls = [f"sqlite:///{tmp_path / name}.sqlite3" for name in ("shop", "counting")]
    else:
        server = request.getfixturevalue("postgres")
        urls = [server.new_database(), server.new_database()]
    teller, listener = Teller("shop", urls[0], broker), Listener("counting", urls[1], broker)
    running = {"listen": start("listen", broker, urls[1]), "relay": start("relay", broker, urls[0])}
    try:
        told = 0
        for _ in range(4):
            tell_all(teller, told + 1, told + 25)
            told += 25
            running[killed].kill()
            running[killed].wait()
            running[killed] = start(killed, broker, urls[0] if killed == "relay" else urls[1])
        until(lambda: len(listener.notes()) >= 5 * told, 120)
        eventlet.sleep(1)
        assert in_order(listener, told)
    finally:
        for process in running.values():
            process.kill()
            process.wait()
        teller.close()
        listener.close()


@pytest.mark.postgres
def test_of_two_relays_one_publishes_and_the_other_takes_over(broker, postgres):
    url = postgres.new_database()
    teller = Teller("shop", url, broker)
    first = start("relay", broker, url)
    second = start("relay", broker, url)
    try:
        teller.tell(SUBJECTS[0], *range(1, 11))
        until(lambda: teller.pending() == 0)
        first.kill()
        first.wait()
        teller.tell(SUBJECTS[0], *range(11, 21))
        until(lambda: teller.pending() == 0)
        with teller.database.read() as session:
            here = "database = (select oid from pg_database where datname = current_database())"
            locks = f"select count(*) from pg_locks where locktype = 'advisory' and granted and {here}"
            assert session.scalar(sa.text(locks)) == 1
    finally:
        for process in (first, second):
            process.kill()
            process.wait()
        teller.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_subscriber_that_is_stopped_finishes_what_it_has_in_hand(teller, listener):
    begun, ended = [], []

    @on(OrderPlaced)
    def keep(uow, event, envelope):
        begun.append(event.number)
        eventlet.sleep(0.3)
        listener.note(uow, envelope, event.number)
        ended.append(event.number)

    listener.listen(keep)
    teller.relay()
    teller.tell(SUBJECTS[0], 1)
    until(lambda: begun == [1])
    teller.tell(SUBJECTS[0], 2, 3)
    listener.stop()
    assert begun == ended
    listener.listen(keep)
    until(lambda: listener.notes() == [1, 2, 3])
