"""Working time: the worked examples of the specification, its properties, and the two odd days of the year."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from time import tzset
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases.domain.business_time import BusinessTime
from services.cases.domain.opening_hours import ExceptionalDays, Week, check_windows
from services.cases.errors import CalendarNeverOpens, WindowEndsBeforeItStarts, WindowsOverlap
from tests.factories.cases import always, at, hours, of_hours, time, windows, working_week

SPLIT = {"week": working_week("09:00-13:00", "14:00-18:00")}
KINGS = {"holidays": [(date(2026, 1, 6), False)]}

EXAMPLES = {
    "V1": ({}, "2026-03-02 10:00", 4, "2026-03-02 14:00"),
    "V2 over a weekend": ({}, "2026-03-06 17:00", 4, "2026-03-09 12:00"),
    "V4 over lunch": (SPLIT, "2026-03-02 12:00", 2, "2026-03-02 15:00"),
    "V5 over a holiday": (KINGS, "2026-01-05 17:00", 2, "2026-01-07 10:00"),
    "V8 round the clock in spring": ({"week": always()}, "2026-03-28 22:00", 8, "2026-03-29 07:00"),
    "V10 over the spring weekend": ({}, "2026-03-27 17:00", 2, "2026-03-30 10:00"),
    "V12 until closing, not until the next opening": ({}, "2026-03-02 09:00", 9, "2026-03-02 18:00"),
    "begun before opening": ({}, "2026-03-02 07:00", 1, "2026-03-02 10:00"),
    "begun exactly at closing": ({}, "2026-03-02 18:00", 1, "2026-03-03 10:00"),
    "round the clock in autumn": ({"week": always()}, "2026-10-24 22:00", 8, "2026-10-25 05:00"),
    "over the turn of the year": ({}, "2026-12-31 17:00", 2, "2027-01-01 10:00"),
}


@pytest.mark.parametrize(("how", "since", "target", "due"), EXAMPLES.values(), ids=EXAMPLES)
def test_a_target_falls_due_where_so_much_working_time_has_passed(how, since, target, due):
    by = time(**how)

    assert by.due(at(since), of_hours(target)) == at(due)
    assert by.elapsed(at(since), at(due)) == of_hours(target)


def test_the_example_of_march_is_eight_in_the_morning_in_utc():
    assert time().due(at("2026-03-27 17:00"), of_hours(2)) == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_exceptional_days_beat_holidays_and_holidays_beat_the_week():
    by = time(
        holidays=[(date(2026, 12, 25), True)],
        exceptions=[(date(2026, 12, 25), date(2026, 12, 25), "10:00-12:00"), (date(2026, 12, 28), date(2026, 12, 29))],
    )

    day = (at("2026-12-25 00:00"), at("2026-12-26 00:00"))
    assert by.elapsed(*day) == of_hours(2)
    assert by.elapsed(at("2026-12-28 00:00"), at("2026-12-30 00:00")) == of_hours(0)
    assert by.elapsed(at("2025-12-25 00:00"), at("2025-12-26 00:00")) == of_hours(0)


def test_a_window_open_until_twenty_four_runs_on_into_the_next_day():
    by = time(week=Week(monday=windows("22:00-24:00"), tuesday=windows("00:00-02:00")))

    assert by.due(at("2026-03-02 23:00"), of_hours(2)) == at("2026-03-03 01:00")


def test_a_day_of_nine_hours_has_nine_hours_also_when_clocks_change_elsewhere_in_the_night():
    by = time(week=always())

    assert by.elapsed(at("2026-03-29 00:00"), at("2026-03-30 00:00")) == of_hours(23)
    assert by.elapsed(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == of_hours(25)


def test_an_opening_that_the_spring_change_leaves_out_is_the_first_instant_after_it():
    by = time(week=Week(sunday=windows("02:30-05:00")))

    [(opens, closes), *_] = by.windows(at("2026-03-29 00:00"), at("2026-03-30 00:00"))
    assert opens == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert closes == datetime(2026, 3, 29, 3, tzinfo=UTC)


def test_of_a_time_repeated_in_autumn_the_first_opens_and_the_second_closes():
    opening = time(week=Week(sunday=windows("02:30-05:00")))
    closing = time(week=Week(sunday=windows("01:00-02:30")))
    day = (at("2026-10-25 00:00"), at("2026-10-26 00:00"))

    assert opening.elapsed(*day) == of_hours(3.5)
    assert closing.elapsed(*day) == of_hours(2.5)


def test_windows_that_come_to_overlap_in_autumn_count_once():
    by = time(week=Week(sunday=windows("01:00-02:30", "02:30-03:30")))

    assert by.elapsed(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == of_hours(3.5)


def test_a_window_that_vanishes_in_spring_counts_for_nothing():
    by = time(week=Week(sunday=windows("02:10-02:50")))

    assert by.elapsed(at("2026-03-29 00:00"), at("2026-03-30 00:00")) == of_hours(0)


def test_a_calendar_that_never_opens_is_an_error_and_no_endless_loop():
    with pytest.raises(CalendarNeverOpens):
        time(week=Week()).due(at("2026-03-02 10:00"), of_hours(1))


def test_a_calendar_that_closes_for_good_is_an_error_too():
    by = time(exceptions=[(date(2026, 4, 1), date(2030, 1, 1))])

    assert by.due(at("2026-03-30 09:00"), of_hours(18)) == at("2026-03-31 18:00")
    with pytest.raises(CalendarNeverOpens):
        by.due(at("2026-03-30 09:00"), of_hours(19))


def test_a_calendar_may_open_on_one_day_of_the_year():
    by = time(week=Week(), exceptions=[(date(y, 6, 1), date(y, 6, 1), "09:00-10:00") for y in range(2026, 2031)])

    assert by.due(at("2026-01-01 00:00"), of_hours(3)) == at("2028-06-01 10:00")


@pytest.mark.parametrize(
    ("spans", "refusal"),
    [
        (["18:00-09:00"], WindowEndsBeforeItStarts),
        (["09:00-09:00"], WindowEndsBeforeItStarts),
        (["09:00-14:00", "13:00-18:00"], WindowsOverlap),
    ],
)
def test_windows_that_make_no_sense_are_refused(spans, refusal):
    with pytest.raises(refusal):
        check_windows(windows(*spans), "monday")


def test_windows_may_touch():
    check_windows(windows("13:00-18:00", "09:00-13:00", "18:00-24:00"), "monday")


FIRST, LAST = (datetime.fromisoformat(day) for day in ("2024-01-01", "2028-12-31"))
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
TARGETS = st.timedeltas(timedelta(0), timedelta(hours=400))
ZONES = st.sampled_from(
    ["Europe/Madrid", "America/Havana", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe"]
)
SPANS = st.sampled_from(
    [("09:00-18:00",), ("09:00-13:00", "14:00-18:00"), ("00:00-24:00",), ("01:00-02:30", "22:15-24:00")]
)
DAYS = st.sets(st.dates(date(2024, 1, 1), date(2028, 12, 31)), max_size=25)


@st.composite
def calendars(draw):
    spans = draw(SPANS)
    week = Week(monday=windows(*spans), wednesday=windows(*spans), saturday=windows(*draw(SPANS)))
    days = [(day, draw(st.booleans())) for day in sorted(draw(DAYS))]
    return hours(week=week, zone=draw(ZONES), holidays=days)


@given(calendars(), INSTANTS, INSTANTS, INSTANTS)
@settings(max_examples=60, deadline=None)
def test_elapsed_time_adds_up(opening, one, other, third):
    by = BusinessTime(opening)
    a, b, c = sorted((one, other, third))

    assert by.elapsed(a, b) + by.elapsed(b, c) == by.elapsed(a, c)
    assert sum((closes - opens for opens, closes in by.windows(a, c)), timedelta()) == by.elapsed(a, c)


@given(calendars(), INSTANTS, TARGETS)
@settings(max_examples=60, deadline=None)
def test_what_is_due_has_elapsed_when_it_is_due_and_not_before(opening, since, target):
    by = BusinessTime(opening)

    due = by.due(since, target)

    assert by.elapsed(since, due) == target
    if target:
        assert by.elapsed(since, due - timedelta(microseconds=1)) < target


@given(calendars(), DAYS, INSTANTS, TARGETS)
@settings(max_examples=40, deadline=None)
def test_more_holidays_never_make_anything_due_earlier(opening, more, since, target):
    fewer = BusinessTime(opening)
    busier = BusinessTime(
        hours(
            week=opening.week,
            zone=opening.time_zone,
            holidays=[(each.on, each.yearly) for each in opening.holidays] + [(day, False) for day in more],
        )
    )

    assert busier.due(since, target) >= fewer.due(since, target)


_PRINT_DUE = """
from tests.factories.cases import always, at, of_hours, time
print([str(time(week=always()).due(at("2026-03-28 22:00"), of_hours(8))),
       str(time().due(at("2026-03-27 17:00"), of_hours(2))),
       str(time().elapsed(at("2026-10-23 10:00"), at("2026-10-27 10:00")))])
"""


def test_nothing_depends_on_the_zone_of_the_server():
    answers = {
        subprocess.run(
            [sys.executable, "-c", _PRINT_DUE],
            env={"TZ": zone, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=True,
        ).stdout
        for zone in ("UTC", "Europe/Madrid", "America/Los_Angeles", "Pacific/Kiritimati")
    }

    assert len(answers) == 1
    assert b"2026-03-29 05:00:00+00:00" in answers.pop()


@given(calendars(), INSTANTS, TARGETS, st.sampled_from(("America/Los_Angeles", "Asia/Kathmandu", "Pacific/Kiritimati")))
@settings(max_examples=40, deadline=None)
def test_wherever_the_server_stands_the_answer_is_the_same(opening, since, target, server):
    answers = []
    for zone in ("UTC", server):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TZ", zone)
            tzset()
            by = BusinessTime(opening)
            due = by.due(since, target)
            answers.append((due, by.elapsed(since, due), by.days(since, due), list(by.windows(since, due))))
        tzset()

    assert answers[0] == answers[1]


@given(calendars(), INSTANTS, st.timedeltas(timedelta(0), timedelta(days=400)))
@settings(max_examples=40, deadline=None)
def test_a_day_is_worked_where_some_of_it_is_working_time(opening, since, length):
    by, zone = BusinessTime(opening), ZoneInfo(opening.time_zone)
    first, last = (each.astimezone(zone).date() for each in (since, since + length))
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    midnights = [
        datetime.combine(day, datetime.min.time(), zone).astimezone(UTC) for day in [*days, last + timedelta(1)]
    ]

    worked = [by.elapsed(start, min(end, since + length)) > timedelta(0) for start, end in pairwise(midnights)]

    assert by.days(since, since + length) == sum(worked)


def test_exceptional_days_know_their_last_day():
    by = time(exceptions=[(date(2026, 3, 2), date(2026, 3, 3))])

    assert by.due(at("2026-03-02 09:00"), of_hours(1)) == at("2026-03-04 10:00")
    assert ExceptionalDays(starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 3)).windows == []
