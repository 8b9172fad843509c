"""A call to a service that is down fails at once with 503, however it went down."""

import threading
import time

import pytest

from chassis.client import BrokerDown, DeadlineExceeded, RemoteRefusal, ServiceDown
from tests.broker.rpc.patience import eventually

pytestmark = pytest.mark.broker

AT_ONCE = 1  # second, of the 60 that a call may take here


def failing_time(client) -> float:
    """Return the seconds until a call fails: the shortest of some, as a busy machine may stop between any two lines."""
    times = []
    for _ in range(5):
        started = time.monotonic()
        with pytest.raises(ServiceDown, match="target"):
            client.call("target.echo")
        times.append(time.monotonic() - started)
    return min(times)


def test_a_service_that_never_ran_is_down_at_once(client):
    assert failing_time(client) < AT_ONCE


def test_a_service_that_was_stopped_is_down_at_once(start_service, client):
    service = start_service()
    assert client.call("target.echo")
    service.terminate()
    assert service.wait() == 0
    assert failing_time(client) < AT_ONCE


def test_a_service_that_was_killed_is_down_at_once(start_service, client, at_the_broker):
    service = start_service()
    assert client.call("target.echo")
    service.kill()
    # Its queue goes with its last consumer. What is sent before the broker knows of that waits for its deadline.
    eventually(lambda: at_the_broker()[1] == 0)
    assert failing_time(client) < AT_ONCE


def test_a_service_that_comes_back_is_reached_again(start_service, client):
    start_service().kill()
    start_service()
    assert client.call("target.echo").body


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_while_one_of_two_processes_goes_and_returns_every_call_is_answered(start_service, client, how):
    start_service()
    other = start_service()
    stop, problems, answered = threading.Event(), [], 0
    # Killed without warning, it may take with it the calls whose answers it had not sent.
    patience, lost = (120, 0) if how == "terminate" else (20, 5)

    def ask() -> None:
        nonlocal answered
        while not stop.is_set():
            try:
                client.call("target.echo", timeout=patience)
                answered += 1
            except (ServiceDown, BrokerDown, RemoteRefusal, DeadlineExceeded) as error:
                problems.append(error)

    def some_more_are_answered() -> None:
        before = answered
        eventually(lambda: answered > before + 10, 2 * patience)

    asking = [threading.Thread(target=ask) for _ in range(5)]
    for thread in asking:
        thread.start()
    some_more_are_answered()
    getattr(other, how)()
    other.wait()
    start_service()
    some_more_are_answered()
    stop.set()
    for thread in asking:
        thread.join()
    assert len(problems) <= lost, problems
    assert not [problem for problem in problems if not isinstance(problem, DeadlineExceeded)]
