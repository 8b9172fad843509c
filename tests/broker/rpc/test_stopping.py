"""SIGTERM: take nothing new, finish what runs, answer it, and go."""

import time

import pytest

pytestmark = pytest.mark.broker


def test_calls_that_run_are_finished_and_answered_and_executed_once(start_service, client, tmp_path):
    service, note = start_service(), tmp_path / "note"
    under_way = [client.submit("target.wait", "2", str(note), timeout=30) for _ in range(3)]
    time.sleep(1)
    service.terminate()
    assert [call.result().body for call in under_way] == [b'"waited"'] * 3
    assert service.wait() == 0
    start_service()
    time.sleep(0.5)
    assert note.read_text() == f"{service.process.pid}\n" * 3


def test_calls_that_had_arrived_but_not_begun_are_answered_too(start_service, client):
    service = start_service(workers=1)
    under_way = [client.submit("target.wait", "0.2", timeout=30) for _ in range(12)]
    time.sleep(0.6)
    service.terminate()
    assert [call.result().body for call in under_way] == [b'"waited"'] * 12
    assert service.wait() == 0


def test_an_idle_service_goes_at_once(start_service):
    service = start_service()
    started = time.monotonic()
    service.terminate()
    assert service.wait() == 0
    assert time.monotonic() - started < 20  # of the 25 s that calls under way would be given


def test_another_process_takes_the_calls_that_come_meanwhile(start_service, client):
    first = start_service()
    running = client.submit("target.wait", "5", timeout=30)
    time.sleep(0.2)
    start_service()
    first.terminate()
    time.sleep(0.3)
    started = time.monotonic()
    assert client.call("target.echo").body
    assert time.monotonic() - started < 4
    assert running.result().body == b'"waited"'
