"""Everything is killed at random while clients write: nothing is lost, nothing happens twice, order holds.

The usual run kills each part once; ``TRATO_CHAOS_WRITES=20000 TRATO_CHAOS_KILLS=50 ./trato test tests/chaos`` is the
whole of it.
"""

import os
import random
import threading
import time

import pytest
from amqp.exceptions import NotFound

from chassis.bus import topology
from chassis.bus.connection import connect, let_go
from chassis.ops import discovery
from chassis.reactions import Reactions
from tests.chaos.clients import Client, Ledger, write
from tests.chaos.heard import heard_in_order, lines_of, running
from tests.chaos.stored import Stored
from tests.chaos.writes import KINDS
from tests.kit.mail import CaughtMail
from tests.kit.rabbitmq import free_ports
from tests.kit.stack import Stack
from tools.journey.api import Api

WRITES = int(os.environ.get("TRATO_CHAOS_WRITES", "600"))
KILLS = int(os.environ.get("TRATO_CHAOS_KILLS", "7"))
CLIENTS = 6
# What still is on its way when the last client is done may be more than a run of the usual size leaves.
PATIENCE = 120 + WRITES / 20

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(900 + WRITES / 5)]


@pytest.fixture
def mail(tmp_path):
    made = CaughtMail(tmp_path / "mail").start()
    yield made
    made.stop()


@pytest.fixture(params=["postgresql", "sqlite"])
def stack(request, tmp_path, mail):
    stack = Stack(tmp_path / "stack", database=request.param, settings=mail.settings)
    try:
        yield stack.up()
    finally:
        stack.stop()


def test_nothing_is_lost_and_nothing_happens_twice_while_everything_is_killed(stack, mail, tmp_path, capsys, request):
    heard, called = tmp_path / "heard.txt", tmp_path / "called.txt"
    port = free_ports(1)
    running(request, "subscriber", stack.broker_url, heard)
    running(request, "receiver", port, called)
    _until(lambda: all(path.exists() and "listening" in path.read_text() for path in (heard, called)), PATIENCE)
    api = Api(stack.url, stack.token)
    hook = {"name": "Otro departamento", "url": f"http://127.0.0.1:{port}/", "events": ["crm.#"]}
    webhook = api.create("/v1/webhooks", hook)
    shared = {"interest": "fibra", "stages": _stages(api)}
    api.create("/v1/interests", {"slug": "fibra", "name": "Fibra"})
    # Services are ready before they listen: a queue that one of them makes behind us would not outlive the broker.
    _until(lambda: _all_listen(stack), PATIENCE)
    stack.broker.settle()
    stored, ledger = Stored(stack), Ledger()
    ledger.also("webhooks", webhook["id"], "active")

    clients = [Client(Api(stack.url, stack.token), ledger, number, shared) for number in range(CLIENTS)]
    began = time.monotonic()
    kills = _write_while_everything_is_killed(stack, ledger, clients)
    seconds = time.monotonic() - began
    # What others do because of an event, and what waited for somebody who was dead, comes a little later.
    _until(lambda: not stored.differences(ledger), PATIENCE, lambda: _few(stored.differences(ledger)))
    _until(lambda: stored.pending() == 0, PATIENCE)
    told = stored.told()
    _until(lambda: {id_ for id_, _, _ in told} <= {line[0] for line in lines_of(heard)}, PATIENCE)
    wanted = {id_ for id_, _, _ in told}
    _until(lambda: wanted <= {line[0] for line in lines_of(called)}, PATIENCE)
    replies = len(ledger.facts.get("entries", {}))
    _until(lambda: len(_message_ids(mail)) >= replies, PATIENCE)
    repeated, replayed = (sum(getattr(client.api, name) for client in clients) for name in ("repeated", "replayed"))
    with capsys.disabled():
        print(
            f"\n{ledger.count} writes in {seconds:.0f} s, {len(kills)} kills, {repeated} retries, {replayed} replays, "
            f"{len(told)} events, {len(lines_of(called))} webhook calls, {replies} mails, "
            f"all there after {time.monotonic() - began - seconds:.0f} s more"
        )

    stored.nothing_was_told_twice()
    stored.case_numbers_have_no_gaps()
    assert not stored.differences(ledger), _few(stored.differences(ledger))
    heard_in_order(told, lines_of(heard))
    heard_in_order(told, lines_of(called))
    assert len(_message_ids(mail)) == replies


def _all_listen(stack):
    connection = connect(stack.broker_url, "test")
    try:
        for service in stack.services:
            handlers = discovery.load(service).handlers
            if handlers and Reactions.declared_in(handlers):
                connection.channel().queue_declare(topology.events_queue(service), passive=True)
    except NotFound:
        return False
    finally:
        let_go(connection)
    return True


def _stages(api):
    [pipeline] = [each for each in api.every("/v1/pipelines") if each["is_default"]]
    return [stage["id"] for stage in pipeline["stages"]]


def _message_ids(mail):
    texts = (path.read_text(errors="replace") for path in mail.folder.glob("*.eml"))
    return {line for text in texts for line in text.splitlines() if line.lower().startswith("message-id:")}


def _write_while_everything_is_killed(stack, ledger, clients):
    failures, kills = [], []

    def enough():
        return bool(failures) or (ledger.count >= WRITES and len(kills) >= KILLS)

    def run(client):
        try:
            write(client, KINDS, enough)
        except BaseException as error:  # noqa: BLE001 - the test reports it
            failures.append(error)

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    _kill_at_random(stack, ledger, threads, kills)
    for thread in threads:
        thread.join()
    assert not failures, failures[0]
    return kills


def _kill_at_random(stack, ledger, threads, kills):
    """Spread the kills over the writes, so that each part dies at many points of many requests."""
    chance = random.Random(20)
    # First the broker: however few the kills are, it is among them. Then notifications, whose calls that were under way
    # are made again when their lease is over, while others die.
    victims = sorted(
        [*stack.services, "gateway", "broker"], key=lambda name: (name != "broker", name != "notifications")
    )
    while any(thread.is_alive() for thread in threads):
        if len(kills) < KILLS and ledger.count >= len(kills) * WRITES / (KILLS + 1):
            victim = victims[len(kills) % len(victims)]
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


def _few(differences):
    """Say how many records differ, with some of them: (wanted, found)."""
    return {question: (len(found), dict(list(found.items())[:3])) for question, found in differences.items()}


def _until(true, seconds, missing=lambda: ""):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited in vain {missing()}"
        time.sleep(0.3)
