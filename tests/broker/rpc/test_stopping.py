"""SIGTERM: take nothing new, finish what runs, answer it, and go."""

import time

import pytest

from tests.broker.rpc.patience import eventually, executions

pytestmark = pytest.mark.broker


def test_calls_that_run_are_finished_and_answered_and_executed_once(start_service, client, tmp_path):
    service, gate, note = start_service(), tmp_path / "gate", tmp_path / "note"
    under_way = [client.submit("target.hold", str(gate), str(note)) for _ in range(3)]
    eventually(lambda: len(executions(note)) == 3)
    service.terminate()
    time.sleep(0.5)  # in which it would go, if it did not wait for them
    gate.touch()
    assert [call.result().body for call in under_way] == [b'"let go"'] * 3
    assert service.wait() == 0
    start_service()
    assert client.call("target.echo").body  # behind whatever would be executed once more
    assert executions(note) == [service.process.pid] * 3


def test_calls_that_had_arrived_but_not_begun_are_answered_too(start_service, client, tmp_path, at_the_broker):
    service, gate = start_service(workers=1), tmp_path / "gate"
    under_way = [client.submit("target.hold", str(gate)) for _ in range(12)]
    eventually(lambda: at_the_broker()[0] == 10)  # one runs, one waits in the process
    service.terminate()
    time.sleep(0.5)
    gate.touch()
    assert [call.result().body for call in under_way] == [b'"let go"'] * 12
    assert service.wait() == 0


def test_an_idle_service_goes_at_once(start_service):
    service = start_service()
    started = time.monotonic()
    service.terminate()
    assert service.wait() == 0
    assert time.monotonic() - started < 20  # of the 25 s that calls under way would be given


def test_another_process_takes_the_calls_that_come_meanwhile(start_service, client, tmp_path, at_the_broker):
    first, gate, note = start_service(), tmp_path / "gate", tmp_path / "note"
    running = client.submit("target.hold", str(gate), str(note), timeout=300)
    eventually(lambda: executions(note))
    second = start_service()
    first.terminate()
    eventually(lambda: at_the_broker() == (0, 1))
    assert client.call("target.wait", "0", str(note)).body
    assert executions(note) == [first.process.pid, second.process.pid]
    assert first.is_alive
    assert not running.has_arrived()
    gate.touch()
    assert running.result().body == b'"let go"'
