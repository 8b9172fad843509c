"""In a busy stretch what comes is taken together; in a quiet one nothing waits."""

import pytest

from chassis.bus.gathering import BUSY, LONGEST_PAUSE, PAUSE, VERY_BUSY, Gathering

STRETCH = 0.11  # seconds, a little more than the rate is counted over


class Clock:
    """Seconds that pass only when told to, so that a busy machine changes nothing."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def let_pass(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gathering(clock):
    return Gathering(clock)


def test_in_a_quiet_stretch_nothing_waits(gathering, clock):
    for _ in range(10):
        gathering.took(1)
        assert gathering.pause() == 0
        clock.let_pass(0.06)


def test_in_a_busy_stretch_what_comes_next_is_let_gather_for_a_moment(gathering, clock):
    gathering.took(int(STRETCH * BUSY * 1.5))
    clock.let_pass(STRETCH)
    gathering.took(1)
    assert gathering.pause() == pytest.approx(PAUSE)


def test_the_moment_counts_from_the_last_taking(gathering, clock):
    gathering.took(int(STRETCH * BUSY * 1.5))
    clock.let_pass(STRETCH)
    gathering.took(1)
    clock.let_pass(PAUSE / 4)
    assert gathering.pause() == pytest.approx(PAUSE * 3 / 4)


def test_whoever_was_busy_for_longer_than_the_pause_does_not_wait_again(gathering, clock):
    gathering.took(1000)
    clock.let_pass(STRETCH)
    gathering.took(1)
    clock.let_pass(LONGEST_PAUSE)
    assert gathering.pause() == 0


def test_after_a_quiet_moment_nothing_waits_any_more(gathering, clock):
    gathering.took(1000)
    for _ in range(3):
        clock.let_pass(STRETCH)
        gathering.took(1)
    assert gathering.pause() == 0


@pytest.mark.parametrize("count", [VERY_BUSY, 100 * VERY_BUSY])
def test_in_a_very_busy_stretch_more_is_let_come_and_never_longer_than_that(gathering, clock, count):
    gathering.took(int(count))
    clock.let_pass(STRETCH)
    gathering.took(1)
    assert gathering.pause() == pytest.approx(LONGEST_PAUSE)
