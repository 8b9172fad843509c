"""What a killed process may have done already is not done again behind the caller's back."""

import pytest

from chassis.client import RemoteRefusal
from tests.broker.rpc.patience import eventually, executions

pytestmark = pytest.mark.broker


@pytest.fixture
def kill_the_one_that_began(start_service, client, tmp_path):
    """Ask one of two processes, kill it while it works, and give the call and the number of executions begun.

    Work that begins after that is done at once.
    """

    def run(operation: str, **headers: str):
        gate, note, services = tmp_path / "gate", tmp_path / "note", [start_service(), start_service()]
        call = client.submit(operation, str(gate), str(note), headers=headers)
        eventually(lambda: executions(note))
        [began] = executions(note)
        next(service for service in services if service.process.pid == began).kill()
        gate.touch()
        return call, lambda: len(executions(note))

    return run


def test_a_command_is_not_repeated_by_the_process_that_inherits_it(kill_the_one_that_began):
    call, executions = kill_the_one_that_began("target.hold")
    with pytest.raises(RemoteRefusal) as caught:
        call.result()
    assert (caught.value.status, caught.value.slug) == (503, "outcome-unknown")
    assert executions() == 1


def test_a_command_with_an_idempotency_key_is_repeated(kill_the_one_that_began):
    call, executions = kill_the_one_that_began("target.hold", **{"nameko.idempotency_key": "k1"})
    assert call.result().body == b'"let go"'
    assert executions() == 2


def test_a_query_is_repeated(kill_the_one_that_began):
    call, executions = kill_the_one_that_began("target.look")
    assert call.result().body == b'"let go"'
    assert executions() == 2
