"""Everything is killed at random while clients write: nothing is lost, nothing happens twice, order holds.

The usual test run does a few kills; ``TRATO_CHAOS_WRITES=5000 TRATO_CHAOS_KILLS=20 ./trato test tests/chaos`` does all.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.chaos.writers import Written, write
from tests.kit.stack import Stack

WRITES = int(os.environ.get("TRATO_CHAOS_WRITES", "600"))
KILLS = int(os.environ.get("TRATO_CHAOS_KILLS", "6"))
CLIENTS = 6
SUBSCRIBER = Path(__file__).with_name("subscriber.py")

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(900)]


@pytest.fixture(params=["postgresql", "sqlite"])
def stack(request, tmp_path):
    stack = Stack(tmp_path / "stack", database=request.param)
    try:
        yield stack.up()
    finally:
        stack.stop()


def test_nothing_is_lost_and_nothing_happens_twice_while_everything_is_killed(stack, tmp_path, capsys, request):
    heard = tmp_path / "heard.txt"
    outsider = _listening(stack, heard)
    request.addfinalizer(outsider.wait)
    request.addfinalizer(outsider.kill)
    _until(lambda: heard.exists() and "listening" in heard.read_text(), 30)
    stack.broker.settle()
    before = {id_ for id_, _, _ in _told(stack)}
    written, failures, kills = Written(), [], []

    def enough():
        return bool(failures) or (written.count >= WRITES and len(kills) >= KILLS)

    clients = [threading.Thread(target=_client, args=(stack, written, n, enough, failures)) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    _kill_at_random(stack, written, clients, kills)
    for client in clients:
        client.join()
    assert not failures, failures[0]
    _until(lambda: _pending(stack) == 0, 60)
    told = [event for event in _told(stack) if event[0] not in before]
    _until(lambda: {id_ for id_, _, _ in told} <= {event[0] for event in _heard(heard)}, 60)
    with capsys.disabled():
        print(f"\n{written.count} writes, {len(kills)} kills, {written.retries} retries, {written.replays} replays")

    _every_acknowledged_write_is_there_once(stack, written)
    _every_event_was_heard_in_order(told, _heard(heard))


def _listening(stack, heard):
    return subprocess.Popen([sys.executable, str(SUBSCRIBER), stack.broker_url, str(heard)])


def _client(stack, written, number, enough, failures):
    try:
        write(stack, written, enough=enough, seed=number)
    except BaseException as error:  # noqa: BLE001 - the test reports it
        failures.append(error)


def _kill_at_random(stack, written, clients, kills):
    """Spread the kills over the writes, so that each part dies at many points of many requests."""
    chance = random.Random(20)
    while any(client.is_alive() for client in clients):
        if len(kills) < KILLS and written.count >= len(kills) * WRITES / (KILLS + 1):
            # The broker first: however few the kills are, it is among them.
            victim = ["broker", *stack.services, "gateway"][len(kills) % (len(stack.services) + 2)]
            time.sleep(chance.random() * 0.3)
            if victim == "broker":
                stack.broker.kill()
                time.sleep(chance.random())
                stack.broker.start()
            else:
                stack.kill(victim)
                time.sleep(chance.random() * 0.5)
                stack.start(victim)
            kills.append(victim)
        time.sleep(0.02)


def _engine(stack):
    return sa.create_engine(stack.database_url("contacts"))


def _rows(stack, sql):
    engine = _engine(stack)
    with engine.connect() as connection:
        rows = connection.execute(sa.text(sql)).all()
    engine.dispose()
    return rows


def _pending(stack):
    return _rows(stack, "select count(*) from outbox where published_at is null")[0][0]


def _told(stack):
    """Every event of every service, from their own logs."""
    told = []
    for service in stack.services:
        engine = sa.create_engine(stack.database_url(service))
        with engine.connect() as connection:
            rows = connection.execute(sa.text("select event_id, resource, aggregate_id, sequence from outbox"))
            told += [(_hex(row[0]), f"{row[1]}/{_hex(row[2])}", row[3]) for row in rows]
        engine.dispose()
    return told


def _hex(value):
    return str(value).replace("-", "")


def _heard(path):
    return [line.replace("-", "").split() for line in path.read_text().splitlines() if line.count(" ") == 3]


def _every_acknowledged_write_is_there_once(stack, written):
    people = {_hex(row[0]): row[1] for row in _rows(stack, "select id, job_title from people")}
    assert {_hex(id_) for id_ in written.people} == set(people), "acknowledged and stored people differ"
    for id_, changes in written.people.items():
        assert people[_hex(id_)] == (f"cambio {changes}" if changes else None)
    interactions = {_hex(row[0]): _hex(row[1]) for row in _rows(stack, "select id, person_id from interactions")}
    assert interactions == {_hex(key): _hex(value) for key, value in written.interactions.items()}
    twice = _rows(stack, "select resource, aggregate_id, sequence from outbox group by 1, 2, 3 having count(*) > 1")
    assert twice == []


def _every_event_was_heard_in_order(told, heard):
    first_time, seen = [], set()
    for id_, subject, sequence, _ in heard:
        if id_ not in seen:
            seen.add(id_)
            first_time.append((subject, int(sequence)))
    assert {id_ for id_, _, _ in told} <= seen, f"{len({i for i, _, _ in told} - seen)} events were never heard"
    by_subject = defaultdict(list)
    for subject, sequence in first_time:
        by_subject[subject].append(sequence)
    disorder = {subject: order for subject, order in by_subject.items() if order != sorted(order)}
    assert not disorder, f"{len(disorder)} subjects out of order, for example {next(iter(disorder.items()))}"


def _until(true, seconds):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)
