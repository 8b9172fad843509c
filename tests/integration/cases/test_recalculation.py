"""A calendar changes: its open clocks move in the background, nothing else does, and the calendar says how many."""

import time

import pytest

from chassis.jobs import jobs_in
from chassis.ops.job_runner import JobRunner
from services.cases import handlers
from tests.factories import cases as make


@pytest.fixture
def recalculated(cases):
    """Wait for the job that a change of a calendar started, and return what it says."""
    runner = JobRunner("cases", cases.database, cases.database.metadata, jobs_in(handlers))

    def wait(calendar):
        runner.start()
        job = cases.ask("get_calendar", calendar["id"]).body["recalculation_job_id"]
        for _ in range(200):
            shown = cases.ask("get_job", job).body
            if shown["finished_at"]:
                return shown
            time.sleep(0.05)
        raise AssertionError(f"the job does not end: {shown}")

    yield wait
    runner.stop()


def _change(cases, calendar, **changes):
    version = cases.ask("get_calendar", calendar["id"]).body["version"]
    return cases.ask("update_calendar", calendar["id"], data=changes, version=version).body


def _dues(cases, case):
    return [each["due_at"] for each in cases.ask("list_case_clocks", case["id"]).body]


CLOSED_MONDAY_AFTERNOON = {
    "starts_on": "2026-03-02",
    "ends_on": "2026-03-02",
    "name": "Mudanza",
    "windows": [{"opens": "09:00", "closes": "12:00"}],
}


def test_open_clocks_move_and_the_calendar_says_how_many(cases, madrid, case, happened, recalculated):
    changed = _change(cases, madrid, exceptions=[CLOSED_MONDAY_AFTERNOON])
    assert changed["hours_number"] == 2

    job = recalculated(madrid)

    assert (job["state"], job["error"], job["examined"], job["moved"]) == ("done", None, 2, 2)
    calendar = cases.ask("get_calendar", madrid["id"]).body
    assert (calendar["clocks_examined"], calendar["clocks_moved"]) == (2, 2)
    assert _dues(cases, case) == ["2026-03-03T09:00:00Z", "2026-03-03T13:00:00Z"]
    assert cases.ask("get_case", case["id"]).body["next_due_at"] == "2026-03-03T09:00:00Z"
    assert [data["cause"] for _, data in happened("sla_recalculated")] == ["calendar_changed"] * 2
    assert happened("clocks_recalculated")[0][1]["moved"] == 2


def test_what_was_met_or_late_stays_as_it_was_measured(cases, madrid, case, clock, recalculated):
    cases.ask("reply_to_case", case["id"], data={"text": "Hola"})
    late = cases.ask("create_case", data=make.case_data()).body
    clock.at(make.at("2026-03-02 14:00"))
    before = cases.ask("list_case_clocks", case["id"]).body[0]

    _change(cases, madrid, exceptions=[CLOSED_MONDAY_AFTERNOON])
    job = recalculated(madrid)

    # Of four clocks one is met, and one was late by the hours of then.
    assert job["moved"] == 2
    assert cases.ask("list_case_clocks", case["id"]).body[0] == before
    assert _dues(cases, late)[0] == "2026-03-02T12:00:00Z"


def test_a_change_that_concerns_no_due_instant_moves_nothing(cases, madrid, case, recalculated):
    _change(cases, madrid, exceptions=[{**CLOSED_MONDAY_AFTERNOON, "starts_on": "2026-05-04", "ends_on": "2026-05-04"}])
    job = recalculated(madrid)

    assert (job["examined"], job["moved"]) == (2, 0)


def test_a_holiday_moves_clocks_of_every_calendar_that_has_the_set(cases, case, madrid, recalculated):
    holidays = cases.ask("create_holiday_set", data={"name": "España"}).body
    _change(cases, madrid, holiday_set_ids=[holidays["id"]])
    today = {"on": "2026-03-02", "name": "Local"}
    cases.ask("update_holiday_set", holidays["id"], data={"holidays": [today]}, version=1)

    assert recalculated(madrid)["moved"] == 2
    assert _dues(cases, case) == ["2026-03-03T12:00:00Z", "2026-03-03T16:00:00Z"]
