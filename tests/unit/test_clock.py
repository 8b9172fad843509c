from datetime import UTC, datetime, timedelta

import pytest

from chassis import clock


def test_the_clock_tells_utc():
    assert clock.utc_now().utcoffset() == timedelta(0)


def test_a_stopped_clock_stands_still_until_it_is_moved(noon):
    before = clock.utc_now()
    assert clock.utc_now() == before
    noon.advance(timedelta(minutes=5))
    assert clock.utc_now() == before + timedelta(minutes=5)


def test_time_goes_on_after_the_block():
    with clock.stopped(datetime(2030, 1, 1, tzinfo=UTC)):
        stood = clock.utc_now()
    assert clock.utc_now() != stood


def test_a_clock_refuses_an_instant_without_a_zone():
    with clock.stopped(datetime(2030, 1, 1, tzinfo=UTC)) as handle, pytest.raises(ValueError, match="time zone"):
        handle.at(datetime(2030, 1, 1))  # noqa: DTZ001 - that is what is refused
