"""A call to a service that is down fails at once with 503, however it went down."""

import threading
import time

import pytest

from chassis.client import BrokerDown, DeadlineExceeded, RemoteRefusal, ServiceDown

pytestmark = pytest.mark.broker

AT_ONCE = 1  # second, of the 10 that a call may take


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


def test_a_service_that_was_killed_is_down_at_once(start_service, client):
    service = start_service()
    assert client.call("target.echo")
    service.kill()
    time.sleep(0.1)
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
    patience = 30 if how == "terminate" else 5

    def ask() -> None:
        nonlocal answered
        while not stop.is_set():
            try:
                client.call("target.echo", timeout=patience)
                answered += 1
            except (ServiceDown, BrokerDown, RemoteRefusal, DeadlineExceeded) as error:
                problems.append(error)

    asking = [threading.Thread(target=ask) for _ in range(5)]
    for thread in asking:
        thread.start()
    time.sleep(0.3)
    getattr(other, how)()
    other.wait()
    start_service()
    time.sleep(0.3)
    stop.set()
    for thread in asking:
        thread.join()
    # Killed without warning, it may take with it the calls whose answers it had not sent.
    assert len(problems) <= (0 if how == "terminate" else 5), problems
    assert not [problem for problem in problems if not isinstance(problem, DeadlineExceeded)]
    assert answered > 10
