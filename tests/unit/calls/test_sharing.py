import eventlet
import pytest

from chassis.sharing import Shared


def test_those_who_ask_at_the_same_time_share_one_answer():
    shared, done = Shared(), []

    def work():
        eventlet.sleep(0.01)
        done.append(1)
        return len(done)

    asked = [eventlet.spawn(shared.once, "a", work) for _ in range(5)]

    assert [each.wait() for each in asked] == [1] * 5
    assert shared.once("a", work) == 2


def test_other_questions_do_not_wait():
    shared = Shared()
    asked = [eventlet.spawn(shared.once, key, lambda key=key: eventlet.sleep(0.01) or key) for key in "ab"]
    assert [each.wait() for each in asked] == ["a", "b"]


def test_a_failure_is_shared_and_then_forgotten():
    shared = Shared()

    def fail():
        eventlet.sleep(0.01)
        raise ValueError("no")

    asked = [eventlet.spawn(shared.once, "a", fail) for _ in range(2)]
    for each in asked:
        with pytest.raises(ValueError, match="no"):
            each.wait()
    assert shared.once("a", lambda: 1) == 1
