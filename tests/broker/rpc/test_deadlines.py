"""A call that outlives its deadline answers 504 and is not executed later."""

import time

import amqp
import orjson
import pytest

from chassis.client import DeadlineExceeded
from tests.broker.rpc.patience import eventually, executions

pytestmark = pytest.mark.broker


def test_the_caller_waits_until_the_deadline_and_no_longer(start_service, client):
    start_service()
    started = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        client.call("target.wait", "30", timeout=0.3)
    assert 0.29 <= time.monotonic() - started < 10


def test_the_answer_that_comes_too_late_disturbs_no_later_call(start_service, client):
    start_service()
    with pytest.raises(DeadlineExceeded):
        client.call("target.wait", "0.3", timeout=0.1)
    time.sleep(0.4)
    assert client.call("target.echo", "next").body == b'{"args":["next"]}'


def test_a_call_that_waited_behind_others_until_its_deadline_is_never_executed(start_service, client, tmp_path):
    start_service(workers=1)
    gate, began, note = tmp_path / "gate", tmp_path / "began", tmp_path / "note"
    first = client.submit("target.hold", str(gate), str(began))
    eventually(lambda: executions(began))
    behind = [client.submit("target.wait", "0", str(note), timeout=0.3) for _ in range(10)]
    for call in behind:
        with pytest.raises(DeadlineExceeded):
            call.result()
    gate.touch()
    assert first.result().body == b'"let go"'
    assert client.call("target.echo", "still here").body
    assert not note.exists()


def test_a_callers_message_expiration_counts_as_its_deadline(start_service, client, broker, tmp_path, at_the_broker):
    start_service(workers=1)
    gate, began, note = tmp_path / "gate", tmp_path / "began", tmp_path / "note"
    first = client.submit("target.hold", str(gate), str(began), "1")
    eventually(lambda: executions(began))
    host, vhost = broker.removeprefix("amqp://guest:guest@").split("/")
    with amqp.Connection(host, virtual_host=vhost) as connection:
        body = orjson.dumps({"args": ["0", str(note)], "kwargs": {}}).decode()
        message = amqp.Message(body, content_type="application/json", expiration="300")
        connection.channel().basic_publish(message, "nameko-rpc", "target.wait")
    # The service has it, and holds it for longer than its 300 ms; or the broker has thrown it away.
    eventually(lambda: at_the_broker()[0] == 0)
    gate.touch()
    assert first.result().body == b'"let go"'
    assert client.call("target.echo", "still here").body
    assert not note.exists()


def test_a_deadline_given_further_out_is_kept(start_service, client):
    start_service()
    started = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        client.call("target.wait", "30", headers={"nameko.deadline": str(time.time() + 0.3)}, timeout=20)
    assert time.monotonic() - started < 10


def test_a_deadline_that_is_over_already_asks_nobody(client):
    with pytest.raises(DeadlineExceeded):
        client.call("target.echo", headers={"nameko.deadline": str(time.time() - 1)})


def test_the_service_is_told_the_deadline(start_service, client):
    start_service()
    headers = orjson.loads(client.call("target.show_headers", timeout=30).body)
    assert 10 < float(headers["nameko.deadline"]) - time.time() <= 30
