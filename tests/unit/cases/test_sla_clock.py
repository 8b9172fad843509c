"""The SLA clock: what happened to it decides what it says, and every minute can be accounted for."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases.domain.sla_account import Why, account_of
from services.cases.domain.sla_clock import Basis, Cause, ClockEvent, ClockState, Step, read
from tests.factories.cases import always, at, of_hours, started, then, time

MADRID = time()


def test_it_is_due_when_its_target_is_used_up():
    reading = read([started("2026-03-02 10:00", 4)], MADRID, at("2026-03-02 12:00"))

    assert (reading.state, reading.due_at) == (ClockState.RUNNING, at("2026-03-02 14:00"))
    assert (reading.elapsed, reading.remaining, reading.breached_at) == (of_hours(2), of_hours(2), None)


def test_it_is_late_from_its_due_instant_on_whenever_somebody_looks():
    clock = [started("2026-03-02 10:00", 4)]

    assert read(clock, MADRID, at("2026-03-02 13:59")).breached_at is None
    assert read(clock, MADRID, at("2026-03-02 14:00")).breached_at == at("2026-03-02 14:00")
    late = read(clock, MADRID, at("2026-03-03 10:00"))
    assert (late.breached_at, late.late, late.breach_cause) == (at("2026-03-02 14:00"), of_hours(5), Cause.TIME)


def test_an_answer_at_the_due_instant_is_in_time_and_one_after_it_is_late():
    clock = started("2026-03-02 10:00", 4)

    in_time = read([clock, then(Step.MET, "2026-03-02 14:00")], MADRID, at("2026-03-05 10:00"))
    late = read([clock, then(Step.MET, "2026-03-02 15:00")], MADRID, at("2026-03-05 10:00"))

    assert (in_time.state, in_time.breached_at) == (ClockState.MET, None)
    assert (late.breached_at, late.met_at, late.late) == (at("2026-03-02 14:00"), at("2026-03-02 15:00"), of_hours(1))


def test_an_answer_in_the_evening_after_it_fell_due_at_closing_is_late():
    clock = [started("2026-03-02 09:00", 9), then(Step.MET, "2026-03-02 19:00")]

    assert read(clock, MADRID, at("2026-03-05 10:00")).breached_at == at("2026-03-02 18:00")


def test_a_pause_shows_no_due_time_and_cannot_be_late():
    clock = [started("2026-03-02 10:00", 4), then(Step.PAUSED, "2026-03-02 12:00")]

    reading = read(clock, MADRID, at("2026-03-06 12:00"))

    assert (reading.state, reading.due_at, reading.breached_at) == (ClockState.PAUSED, None, None)
    assert reading.remaining == of_hours(2)


def test_a_pause_counts_only_where_it_was_working_time():
    at_night = [
        started("2026-03-02 17:00", 4),
        then(Step.PAUSED, "2026-03-02 18:00"),
        then(Step.RESUMED, "2026-03-03 09:00"),
    ]
    by_day = [
        started("2026-03-02 10:00", 4),
        then(Step.PAUSED, "2026-03-02 17:00"),
        then(Step.RESUMED, "2026-03-03 10:00"),
    ]

    night = read(at_night, MADRID, at("2026-03-03 09:00"))
    day = read(by_day, MADRID, at("2026-03-02 17:30"))

    assert (night.due_at, night.paused) == (at("2026-03-03 12:00"), of_hours(0))
    assert day.paused == of_hours(0.5)


def test_a_pause_that_ends_in_a_resolve_counts_as_a_pause():
    clock = [started("2026-03-02 10:00", 4), then(Step.PAUSED, "2026-03-02 12:00"), then(Step.MET, "2026-03-02 16:00")]

    reading = read(clock, MADRID, at("2026-03-09 10:00"))

    assert (reading.state, reading.breached_at) == (ClockState.MET, None)
    assert (reading.elapsed, reading.paused) == (of_hours(2), of_hours(4))


@pytest.mark.parametrize(
    ("basis", "due"), [(Basis.FROM_START, "2026-03-02 13:00"), (Basis.FROM_CHANGE, "2026-03-02 16:00")]
)
def test_v13_another_target_counts_from_the_start_or_from_the_change(basis, due):
    clock = [started("2026-03-02 09:00", 8), then(Step.POLICY_CHANGED, "2026-03-02 12:00", 4, basis=basis)]

    assert read(clock, MADRID, at("2026-03-02 12:00")).due_at == at(due)


def test_a_target_that_is_already_used_up_is_late_from_the_change_and_says_so():
    clock = [started("2026-03-02 09:00", 8), then(Step.POLICY_CHANGED, "2026-03-02 14:00", 4)]

    reading = read(clock, MADRID, at("2026-03-02 14:00"))

    assert (reading.breached_at, reading.breach_cause) == (at("2026-03-02 14:00"), Cause.POLICY_CHANGED)


def test_a_longer_target_supersedes_a_breach_and_does_not_forget_it():
    clock = [started("2026-03-02 09:00", 2), then(Step.POLICY_CHANGED, "2026-03-02 14:00", 8)]

    reading = read(clock, MADRID, at("2026-03-02 15:00"))

    assert (reading.breached_at, reading.due_at) == (None, at("2026-03-02 17:00"))
    assert [each.at for each in reading.superseded] == [at("2026-03-02 11:00")]
    assert read(clock, MADRID, at("2026-03-02 18:00")).breached_at == at("2026-03-02 17:00")


def test_v14_a_reopened_clock_goes_on_or_another_one_starts():
    clock = [
        started("2026-03-02 09:00", 8),
        then(Step.MET, "2026-03-02 12:00"),
        then(Step.REOPENED, "2026-03-04 10:00"),
    ]

    going_on = read(clock, MADRID, at("2026-03-04 10:00"))
    anew = read([started("2026-03-04 10:00", 8)], MADRID, at("2026-03-04 10:00"))

    assert (going_on.due_at, going_on.met_before) == (at("2026-03-04 15:00"), (at("2026-03-02 12:00"),))
    assert anew.due_at == at("2026-03-04 18:00")


def test_another_calendar_makes_nothing_late_in_the_past():
    clock = [started("2026-03-02 09:00", 8), then(Step.CALENDAR_CHANGED, "2026-03-02 16:00")]

    reading = read(clock, time(week=always()), at("2026-03-02 16:00"))
    later = read(clock, time(week=always()), at("2026-03-02 18:00"))
    much_shorter = read([started("2026-03-02 09:00", 2), *clock[1:]], time(week=always()), at("2026-03-02 16:00"))

    assert (reading.breached_at, reading.due_at) == (None, at("2026-03-02 17:00"))
    assert later.breached_at == at("2026-03-02 17:00")
    assert (much_shorter.breached_at, much_shorter.breach_cause) == (at("2026-03-02 16:00"), Cause.CALENDAR_CHANGED)


def test_a_cancelled_clock_is_neither_met_nor_late():
    clock = [started("2026-03-02 09:00", 8), then(Step.CANCELLED, "2026-03-02 12:00")]

    reading = read(clock, MADRID, at("2026-03-09 12:00"))

    assert (reading.state, reading.due_at, reading.breached_at) == (ClockState.CANCELLED, None, None)


def test_every_minute_is_accounted_for():
    clock = [
        started("2026-03-02 17:00", 4),
        then(Step.PAUSED, "2026-03-03 10:00"),
        then(Step.RESUMED, "2026-03-03 11:00"),
        then(Step.MET, "2026-03-03 12:00"),
    ]

    intervals = account_of(read(clock, MADRID, at("2026-03-03 12:00")), MADRID)

    assert [(each.why, each.seconds // 3600) for each in intervals] == [
        (Why.WORKING, 1),
        (Why.CLOSED, 0),
        (Why.WORKING, 1),
        (Why.PAUSED, 0),
        (Why.WORKING, 1),
    ]
    assert all(one.until == other.since for one, other in pairwise(intervals))


MINUTES = st.integers(0, 20_000)


@given(MINUTES, MINUTES, MINUTES, st.integers(1, 40))
@settings(max_examples=80, deadline=None)
def test_a_longer_pause_never_makes_anything_due_earlier(begins, lasts, more, target):
    start = at("2026-03-02 10:00")

    def due(length):
        pause, resume = (start + timedelta(minutes=m) for m in (begins, begins + length))
        clock = [
            started("2026-03-02 10:00", target),
            ClockEvent(step=Step.PAUSED, at=pause),
            ClockEvent(step=Step.RESUMED, at=resume),
        ]
        return read(clock, MADRID, resume).due_at

    assert due(lasts + more) >= due(lasts)


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=8), st.integers(1, 40))
@settings(max_examples=80, deadline=None)
def test_what_is_counted_what_is_paused_and_the_account_agree(gaps, target):
    instant, clock = at("2026-03-02 10:00"), [started("2026-03-02 10:00", target)]
    for place, gap in enumerate(gaps):
        instant += timedelta(minutes=gap)
        step = Step.RESUMED if place % 2 else Step.PAUSED
        clock.append(ClockEvent(step=step, at=instant))
    end = instant + timedelta(minutes=77)

    reading = read(clock, MADRID, end)

    assert reading.elapsed + reading.paused == MADRID.elapsed(at("2026-03-02 10:00"), end)
    assert sum(each.seconds for each in account_of(reading, MADRID)) == reading.elapsed.total_seconds()
    if reading.state is ClockState.RUNNING and reading.breached_at is None:
        assert reading.due_at > end


@given(st.lists(st.integers(1, 3000), max_size=6), st.integers(1, 60), st.integers(0, 90 * 60))
@settings(max_examples=80, deadline=None)
def test_so_much_is_used_up_exactly_from_the_instant_at_which_it_is_reached(gaps, target, minutes):
    instant, clock = at("2026-03-02 10:00"), [started("2026-03-02 10:00", target)]
    for gap, step in zip(gaps, [Step.PAUSED, Step.RESUMED] * 3, strict=False):
        instant += timedelta(minutes=gap)
        clock.append(ClockEvent(step=step, at=instant))
    amount = timedelta(minutes=minutes)

    for later in (0, 1, 60, 61, 5_000):
        reading = read(clock, MADRID, instant + timedelta(minutes=later))
        if reading.state is ClockState.RUNNING:
            # What was used up before the last stretch is said to be reached where that begins.
            assert (amount <= reading.elapsed) == (reading.reaches(amount, MADRID) <= reading.at)
