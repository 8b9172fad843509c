"""Order per subject, delays that grow, and subjects that do not wait for each other: checked against chance."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sdk.an_event import an_event
from trato_events.lanes import DELAYS, Lanes


@dataclass(eq=False)
class Handed:
    event: object
    session: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(alive=True))

    @property
    def alive(self):
        return self.session.alive


def handed(id_, subject="leads/1", session=None):
    event = an_event(id_, subject=subject)
    return Handed(event) if session is None else Handed(event, session)


def test_a_failing_event_holds_back_its_subject_until_its_delays_are_over():
    lanes = Lanes([1, 5])
    bad, behind, other = handed("bad"), handed("behind"), handed("other", "leads/2")
    for each in (bad, behind, other):
        lanes.add(each)
    assert lanes.next(0) is bad
    assert lanes.failed(bad, 0)
    assert lanes.next(0) is other
    lanes.done(other)
    assert (lanes.next(0.9), lanes.pause(0)) == (None, 1)
    assert lanes.next(1) is bad
    assert lanes.attempts(bad) == 1
    assert lanes.failed(bad, 1)
    assert lanes.next(5.9) is None
    assert lanes.next(6) is bad
    assert not lanes.failed(bad, 6), "it has had all its attempts"
    lanes.done(bad)
    assert lanes.next(6) is behind
    lanes.done(behind)
    assert lanes.pause(6) is None


def test_what_comes_again_by_a_new_connection_has_been_tried_as_often_as_it_was():
    lanes = Lanes([10, 10])
    old = SimpleNamespace(alive=True)
    first = handed("bad", session=old)
    lanes.add(first)
    lanes.failed(lanes.next(0), 0)
    old.alive = False
    again = handed("bad")
    lanes.add(again)
    assert lanes.next(9) is None
    assert lanes.next(10) is again
    assert lanes.attempts(again) == 1


def test_an_event_over_which_the_connection_broke_is_let_go_and_not_forgotten():
    lanes = Lanes([10])
    one = handed("bad")
    lanes.add(one)
    lanes.failed(lanes.next(0), 0)
    assert lanes.next(10) is one
    lanes.lost(one)
    assert lanes.next(10) is None
    lanes.add(handed("bad"))
    assert lanes.attempts(lanes.next(10)) == 1


def test_the_usual_delays_end_before_the_broker_loses_patience():
    assert list(DELAYS) == sorted(DELAYS)
    assert sum(DELAYS) < 30 * 60 / 2


@given(
    st.lists(st.integers(0, 3), max_size=40),
    st.lists(st.sampled_from(["done", "failed"]), max_size=200),
    st.integers(0, 3),
)
def test_whatever_fails_each_subject_keeps_its_order_and_everything_ends(subjects, fates, retries):
    lanes, now, handled = Lanes([1.0] * retries), 0.0, []
    for number, subject in enumerate(subjects):
        lanes.add(handed(f"{subject}-{number:03}", f"leads/{subject}"))
    fates = iter(fates)
    while (pause := lanes.pause(now)) is not None:
        now += pause
        if (one := lanes.next(now)) is None:
            continue
        if next(fates, "done") == "failed" and lanes.failed(one, now):
            continue
        lanes.done(one)
        handled.append(one.event.id)
    assert sorted(handled) == sorted(f"{subject}-{number:03}" for number, subject in enumerate(subjects))
    for subject in range(4):
        mine = [each for each in handled if each.startswith(f"{subject}-")]
        assert mine == sorted(mine)
