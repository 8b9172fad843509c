"""What a killed process may have done already is not done again behind the caller's back."""

import time

import pytest

from chassis.client import RemoteRefusal

pytestmark = pytest.mark.broker


@pytest.fixture
def kill_the_one_that_began(start_service, client, tmp_path):
    """Ask one of two processes, kill it while it works, and give the call and the number of executions begun."""

    def run(operation: str, **headers: str):
        note, services = tmp_path / "note", [start_service(), start_service()]
        call = client.submit(operation, "1", str(note), timeout=10, headers=headers)
        end = time.monotonic() + 5
        while not note.exists() and time.monotonic() < end:
            time.sleep(0.01)
        began = int(note.read_text())
        next(service for service in services if service.process.pid == began).kill()
        return call, lambda: len(note.read_text().splitlines())

    return run


def test_a_command_is_not_repeated_by_the_process_that_inherits_it(kill_the_one_that_began):
    call, executions = kill_the_one_that_began("target.wait")
    with pytest.raises(RemoteRefusal) as caught:
        call.result()
    assert (caught.value.status, caught.value.slug) == (503, "outcome-unknown")
    assert executions() == 1


def test_a_command_with_an_idempotency_key_is_repeated(kill_the_one_that_began):
    call, executions = kill_the_one_that_began("target.wait", **{"nameko.idempotency_key": "k1"})
    assert call.result().body == b'"waited"'
    assert executions() == 2


def test_a_query_is_repeated(kill_the_one_that_began):
    call, executions = kill_the_one_that_began("target.look")
    assert call.result().body == b'"waited"'
    assert executions() == 2
