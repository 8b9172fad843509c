"""Every delivery is acknowledged exactly once, in as few frames as the order allows."""

from struct import unpack

from hypothesis import given
from hypothesis import strategies as st

from chassis.bus.rpc_acks import Acks


def told(data: bytes) -> list[tuple[int, bool]]:
    frames = [data[at : at + 21] for at in range(0, len(data), 21)]
    return [(unpack(">Q", frame[11:19])[0], frame[19] == 1) for frame in frames]


def broker_takes(unacknowledged: set[int], data: bytes) -> None:
    """Do as RabbitMQ does: the tag itself must be outstanding, or the channel would be closed."""
    for tag, multiple in told(data):
        assert tag in unacknowledged
        unacknowledged -= {other for other in unacknowledged if other <= tag} if multiple else {tag}


def test_calls_done_in_order_cost_one_frame():
    acks = Acks(1, 100)
    for tag in range(1, 51):
        acks.done(tag)
    assert told(acks.take()) == [(50, True)]


def test_calls_beyond_a_slow_one_are_told_alone_and_never_again():
    acks = Acks(1, 100)
    acks.done(2)
    acks.done(3)
    assert sorted(told(acks.take())) == [(2, False), (3, False)]
    acks.done(1)
    assert told(acks.take()) == [(1, True)]
    acks.done(4)
    assert told(acks.take()) == [(4, True)]


def test_the_broker_is_told_when_enough_are_done():
    acks = Acks(1, 3)
    assert [acks.done(tag) for tag in (1, 2, 3)] == [False, False, True]


@given(order=st.permutations(range(1, 30)), pauses=st.sets(st.integers(0, 28)))
def test_in_any_order_each_is_acknowledged_once(order, pauses):
    acks, unacknowledged = Acks(1, 1000), set(order)
    done: set[int] = set()
    for place, tag in enumerate(order):
        acks.done(tag)
        done.add(tag)
        if place in pauses:
            broker_takes(unacknowledged, acks.take())
            assert unacknowledged == set(order) - done
    broker_takes(unacknowledged, acks.take())
    assert not unacknowledged
    assert not acks.waiting
