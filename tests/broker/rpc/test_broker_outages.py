"""The broker stops, is killed, hangs or refuses: callers hear of it quickly and everything recovers by itself."""

import time

import eventlet
import pytest

from chassis.client import BrokerDown, Client, DeadlineExceeded, ServiceDown
from tests.broker.rpc.patience import quickest
from tools.demo.asking import BusAsker, ask

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _the_broker_runs_again_afterwards(rabbitmq, broker):
    yield
    if not rabbitmq.is_running:
        rabbitmq.start()


def fails(how, client, *call, timeout):
    with pytest.raises(how):
        client.call(*call, timeout=timeout)


def test_calls_while_the_broker_is_away_fail_quickly_and_work_again_afterwards(
    rabbitmq, start_service, client, eventually
):
    service = start_service()
    assert client.call("target.echo")
    under_way = client.submit("target.wait", "20", timeout=30)
    rabbitmq.kill()
    with pytest.raises(BrokerDown):
        under_way.result()
    assert quickest(lambda: fails(BrokerDown, client, "target.echo", timeout=5), 3) < 3
    rabbitmq.start()
    eventually(lambda: client.call("target.echo", timeout=5))
    assert service.is_alive


def test_a_service_whose_reply_is_due_while_the_broker_is_long_away_lives_on(
    rabbitmq, start_service, client, eventually
):
    service = start_service()
    client.submit("target.wait", "2", timeout=30)
    time.sleep(1)
    rabbitmq.stop()
    time.sleep(12)
    assert service.is_alive
    rabbitmq.start()
    eventually(lambda: client.call("target.echo", timeout=5))
    assert service.is_alive


def test_a_service_starts_while_the_broker_is_away_and_answers_when_it_comes(
    rabbitmq, broker, start_service, eventually
):
    rabbitmq.stop()
    service = start_service(patience=0)
    rabbitmq.start()
    client = Client(broker)
    eventually(lambda: client.call("target.echo", timeout=5))
    client.close()
    assert service.is_alive


def test_whoever_loads_demo_data_waits_for_a_broker_that_is_away(rabbitmq, broker):
    rabbitmq.stop()
    client = Client(broker)
    asked = eventlet.spawn(ask, BusAsker(client, "a secret"), "nobody.echo")
    eventlet.sleep(2)
    assert not asked.dead
    rabbitmq.start()
    with pytest.raises(ServiceDown):
        asked.wait()
    client.close()


def test_a_process_that_stood_still_past_two_heartbeats_lives_on(start_service, client, eventually):
    service = start_service(heartbeat=1)
    client.submit("target.block", "6", timeout=10)
    time.sleep(6.5)
    eventually(lambda: client.call("target.echo", timeout=5))
    assert service.is_alive


def test_closed_connections_are_opened_again(rabbitmq, start_service, client, eventually):
    start_service()
    assert client.call("target.echo")
    rabbitmq.close_connections()
    assert eventually(lambda: client.call("target.echo", timeout=5)) < 30


def test_a_queue_that_an_operator_deletes_comes_back(rabbitmq, start_service, client, broker, eventually):
    start_service()
    vhost = broker.rsplit("/", 1)[1]
    rabbitmq.evaluate(
        f'{{ok, Q}} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"{vhost}">>, queue, <<"rpc-target">>)), '
        'rabbit_amqqueue:delete(Q, false, false, <<"test">>).'
    )
    eventually(lambda: client.call("target.echo", timeout=5))


def test_while_the_broker_takes_no_messages_calls_end_at_their_deadline_and_are_not_executed_later(
    rabbitmq, start_service, client, tmp_path, eventually
):
    start_service()
    assert client.call("target.echo")
    note = tmp_path / "note"
    rabbitmq.memory_alarm(on=True)
    try:
        for _ in range(3):
            call = ("target.wait", "0", str(note))
            assert quickest(lambda call=call: fails(DeadlineExceeded, client, *call, timeout=0.5), 8) < 8
    finally:
        rabbitmq.memory_alarm(on=False)
    eventually(lambda: client.call("target.echo", timeout=5))
    assert not note.exists()


def test_while_the_broker_stands_still_calls_end_at_their_deadline(rabbitmq, start_service, client, eventually):
    start_service()
    assert client.call("target.echo")
    rabbitmq.freeze()
    try:
        assert quickest(lambda: fails(DeadlineExceeded, client, "target.echo", timeout=0.5), 8) < 8
    finally:
        rabbitmq.thaw()
    eventually(lambda: client.call("target.echo", timeout=5))
