"""Asking and being answered."""

import time
from contextlib import contextmanager

import amqp
import eventlet
import orjson
import pytest

from chassis.client import RemoteFailure, RemoteRefusal
from tests.broker.rpc.a_service import new_service
from tests.broker.rpc.patience import eventually, executions, running

pytestmark = pytest.mark.broker


@contextmanager
def raw_channel(broker):
    host, vhost = broker.removeprefix("amqp://guest:guest@").split("/")
    with amqp.Connection(host, virtual_host=vhost) as connection:
        yield connection.channel()


def test_the_result_comes_as_the_bytes_that_the_service_wrote_with_its_headers(start_service, client):
    start_service()
    reply = client.call("target.echo", "5", data={"name": "Ñ"}, params={"sort": ["a", "b"]})
    assert reply.body == '{"args":["5"],"data":{"name":"Ñ"},"params":{"sort":["a","b"]}}'.encode()
    assert reply.headers == {"x-etag": "7"}


def test_a_refusal_arrives_with_its_status_slug_sentence_and_parameters(start_service, client):
    start_service()
    with pytest.raises(RemoteRefusal) as caught:
        client.call("target.refuse", "5")
    refusal = caught.value
    assert (refusal.status, refusal.slug, refusal.params) == (404, "not-found", {"id": "5"})
    assert refusal.detail == "There is nothing by that id that you may see."


def test_a_failure_that_nobody_foresaw_is_a_500_that_tells_the_public_nothing(start_service, client):
    start_service()
    with pytest.raises(RemoteFailure) as caught:
        client.call("target.fail")
    assert caught.value.status == 500
    assert "nobody foresaw" not in caught.value.detail
    assert str(caught.value) == "ZeroDivisionError: nobody foresaw this"


def test_calls_of_several_megabytes_pass_both_ways(start_service, client):
    start_service()
    data = {"text": "x" * 3_000_000}
    assert orjson.loads(client.call("target.echo", data=data).body)["data"] == data


def test_many_large_answers_at_once_arrive_whole_though_the_socket_takes_them_in_parts(start_service, client):
    start_service()
    data = {"text": "x" * 700_000}
    under_way = [client.submit("target.echo", data=data) for _ in range(12)]
    assert all(orjson.loads(call.result().body)["data"] == data for call in under_way)


def test_calls_sent_together_are_answered_in_the_time_of_one(start_service, client, tmp_path):
    start_service()
    gate, note = tmp_path / "gate", tmp_path / "note"
    under_way = [client.submit("target.hold", str(gate), str(note)) for _ in range(8)]
    eventually(lambda: len(executions(note)) == 8)  # none of them is answered yet
    gate.touch()
    assert [call.result().body for call in under_way] == [b'"let go"'] * 8


def test_no_more_calls_run_at_a_time_than_the_service_has_workers(start_service, client):
    start_service(workers=2)
    started = time.monotonic()
    under_way = [client.submit("target.wait", "0.3") for _ in range(6)]
    assert all(call.result() for call in under_way)
    assert time.monotonic() - started >= 0.9


def test_one_slow_call_holds_up_nobody_else(start_service, client, tmp_path):
    start_service(workers=4)
    gate = tmp_path / "gate"
    slow = client.submit("target.hold", str(gate), timeout=300)
    for number in range(200):
        client.call("target.echo", str(number))
    assert not slow.has_arrived()
    gate.touch()
    assert slow.result().body == b'"let go"'


def test_green_threads_share_one_client(start_service, client):
    start_service()
    pool = eventlet.GreenPool(30)
    answers = pool.imap(lambda number: client.call("target.echo", str(number)).body, range(300))
    assert list(answers) == [b'{"args":["%d"]}' % number for number in range(300)]


def test_a_service_asks_another_from_within_a_call(start_service, broker, client):
    from types import SimpleNamespace

    from chassis.bus.entrypoint import call_entrypoint
    from chassis.bus.wire import Answer

    start_service("other")

    def ask(self):
        """Ask the other service."""

    ask.entry = lambda headers, args, kwargs: Answer(client.call("other.echo", "from within").body, {})
    ask.contract = SimpleNamespace(kind="query")
    asking = type("Asking", (), {"name": "asking", "ask": call_entrypoint(ask)})
    with running(broker, asking):
        assert client.call("asking.ask").body == b'{"args":["from within"]}'


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"args": []}', b"\xff\xfe"])
def test_a_call_that_nobody_can_read_is_refused_and_stops_nothing(start_service, client, broker, body):
    start_service()
    with raw_channel(broker) as channel:
        channel.basic_consume("amq.rabbitmq.reply-to", no_ack=True, callback=(replies := []).append)
        message = amqp.Message(body, correlation_id="1", reply_to="amq.rabbitmq.reply-to")
        channel.basic_publish(message, "nameko-rpc", "target.echo")
        channel.connection.drain_events(timeout=30)
    assert orjson.loads(replies[0].body)["error"]["exc_path"] == "nameko.exceptions.MalformedRequest"
    assert client.call("target.echo").body


def test_headers_that_nobody_can_read_stop_nothing(start_service, client, broker):
    start_service()
    with raw_channel(broker) as channel:
        unreadable = amqp.Message(b"{}", application_headers={"nameko.locale": b"\xff\xfe"})
        channel.basic_publish(unreadable, "nameko-rpc", "target.echo")
    for number in range(30):
        assert client.call("target.echo", str(number)).body


def test_several_services_share_one_process(broker, client):
    with running(broker, new_service("first"), new_service("second")):
        assert client.call("first.echo", "1").body == b'{"args":["1"]}'
        assert client.call("second.echo", "2").body == b'{"args":["2"]}'


def test_threads_of_a_process_without_eventlet_share_one_client(start_service, run_plain):
    start_service(workers=30)
    assert (
        run_plain("""
import sys, threading
wrong = []
def ask(thread):
    for number in range(50):
        text = f"{thread}-{number}"
        if client.call("target.echo", text, timeout=60).body != b'{"args":["%s"]}' % text.encode():
            wrong.append(text)
threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
client.close()
print(wrong, "eventlet" in sys.modules)
""")
        == "[] False\n"
    )


def test_a_header_that_cannot_be_sent_fails_its_own_call_only(start_service, client):
    start_service()
    with pytest.raises(ValueError, match="surrogates"):
        client.call("target.echo", headers={"nameko.locale": "\ud800"})
    assert client.call("target.echo", "next").body == b'{"args":["next"]}'


def test_a_closed_client_leaves_neither_thread_nor_file_behind(run_plain):
    assert (
        run_plain("""
import os, threading
def left():
    return len(os.listdir("/proc/self/fd")), threading.active_count()
def settled(wanted):
    end = time.monotonic() + 30  # closing waits for a slow broker for a moment only
    while not wanted(*left()) and time.monotonic() < end:
        time.sleep(0.01)
    return left()
client.close()
before, _ = settled(lambda files, threads: threads == 1)
for _ in range(3):
    another = connected()
    try:
        another.call("nobody.echo", timeout=60)
    except ServiceDown:
        another.close()
files, threads = settled(lambda files, threads: (files, threads) == (before, 1))
print(files - before, threads)
""")
        == "0 1\n"
    )
