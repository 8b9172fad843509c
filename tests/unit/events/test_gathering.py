"""In a busy stretch what comes is taken together; in a quiet one nothing waits."""

import time

from chassis.bus.gathering import BUSY, LONGEST_PAUSE, PAUSE, VERY_BUSY, Gathering


def test_in_a_quiet_stretch_nothing_waits():
    gathering = Gathering()
    for _ in range(3):
        gathering.took(1)
        assert gathering.pause() == 0
        time.sleep(0.06)


def test_in_a_busy_stretch_what_comes_next_is_let_gather_for_a_moment():
    gathering = Gathering()
    gathering.took(int(0.11 * BUSY * 1.5))
    time.sleep(0.11)
    gathering.took(1)
    assert 0 < gathering.pause() <= PAUSE


def test_whoever_was_busy_for_longer_than_the_pause_does_not_wait_again():
    gathering = Gathering()
    gathering.took(1000)
    time.sleep(0.11)
    gathering.took(1)
    time.sleep(LONGEST_PAUSE)
    assert gathering.pause() == 0


def test_after_a_quiet_moment_nothing_waits_any_more():
    gathering = Gathering()
    gathering.took(1000)
    for _ in range(3):
        time.sleep(0.11)
        gathering.took(1)
    assert gathering.pause() == 0


def test_in_a_very_busy_stretch_more_is_let_come_and_never_longer_than_that():
    gathering = Gathering()
    for count in (VERY_BUSY, 100 * VERY_BUSY):
        gathering.took(int(count))
        time.sleep(0.11)
        gathering.took(1)
        assert PAUSE < gathering.pause() <= LONGEST_PAUSE
