"""A calendar changes: its open clocks move in the background, nothing else does, and the calendar says how many."""

import functools
import time
import uuid

import pytest
import sqlalchemy as sa

from chassis.context import SYSTEM, Call
from chassis.jobs import jobs_in
from chassis.ops.job_runner import JobRunner
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import policy_changes, recalculation
from services.cases.handlers import clocks as due
from tests.factories import cases as make
from tests.kit.service import somebody


@pytest.fixture
def recalculated(cases):
    """Wait for the job that a change of a calendar started, and return what it says."""
    runner = JobRunner("cases", cases.database, cases.database.metadata, jobs_in(due))
    start = functools.cache(runner.start)  # once, behind the changes of the test

    def wait(calendar):
        start()
        job = cases.ask("get_calendar", calendar["id"]).body["recalculation_job_id"]
        for _ in range(1200):
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


@pytest.mark.usefixtures("case")
def test_cases_are_looked_up_ahead_and_changed_some_at_a_time(cases, madrid, happened, recalculated, monkeypatch):
    for _ in range(6):
        cases.ask("create_case", data=make.case_data())
    monkeypatch.setattr(due, "_AHEAD", 3)
    monkeypatch.setattr(due, "_BATCH", 2)
    _change(cases, madrid, exceptions=[CLOSED_MONDAY_AFTERNOON])

    job = recalculated(madrid)

    assert (job["examined"], job["moved"], len(happened("sla_recalculated"))) == (14, 14, 14)
    shown = cases.ask("list_cases", params={"limit": "200"}).body["items"]
    assert {(each["next_due_at"], each["version"]) for each in shown} == {("2026-03-03T09:00:00Z", 2)}


@pytest.mark.usefixtures("workflow")
def test_a_case_that_has_something_to_tell_meanwhile_is_told_of_and_passed_on_first(
    cases, madrid, clock, happened, recalculated
):
    luis = somebody("Luis")
    level = {"level": 1, "metric": "first_response", "percent": 50, "resolver_id": str(luis.user_id)}
    cases.ask("create_sla_policy", data=make.policy_data(levels=[level]))
    made = cases.ask("create_case", data=make.case_data()).body
    clock.at(make.at("2026-03-02 11:30"))

    _change(cases, madrid, exceptions=[CLOSED_MONDAY_AFTERNOON])
    assert recalculated(madrid)["moved"] == 2

    shown = cases.ask("get_case", made["id"]).body
    assert (shown["resolver_id"], shown["next_due_at"]) == (str(luis.user_id), "2026-03-03T09:00:00Z")
    told = [topic for topic, _ in happened("case_assigned", "case_escalated", "sla_recalculated")]
    assert told == ["case_assigned", "case_escalated", "sla_recalculated", "sla_recalculated"]
    [change] = cases.ask("case_history", made["id"]).body
    assert (change["field"], change["new"]) == ("resolver_id", str(luis.user_id))


@pytest.mark.usefixtures("standard", "workflow")
def test_earlier_due_instants_have_the_alarm_ring_earlier(cases, madrid, clock, recalculated, fire):
    clock.at(make.at("2026-03-02 07:00"))
    made = cases.ask("create_case", data=make.case_data()).body
    _change(cases, madrid, exceptions=[{**CLOSED_MONDAY_AFTERNOON, "windows": [{"opens": "07:00", "closes": "24:00"}]}])
    recalculated(madrid)

    clock.at(make.at("2026-03-02 11:00"))
    assert fire() == 1
    assert cases.ask("get_case", made["id"]).body["sla_state"] == "breached"


@pytest.mark.usefixtures("workflow", "clock")
def test_however_many_cases_move_they_are_read_at_once(cases, madrid, standard):
    made = [uuid.UUID(cases.ask("create_case", data=make.case_data()).body["id"]) for _ in range(6)]
    _change(cases, madrid, exceptions=[CLOSED_MONDAY_AFTERNOON])
    asked = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    def questions(work, of, some):
        with cases.database.write() as session:
            uow = UnitOfWork(session, cases.database.metadata, Call(actor=SYSTEM, request_id="r"))
            asked.clear()
            examined, _ = work(uow, uuid.UUID(of["id"]), some)
            uow.flush()
        assert examined == 2 * len(some)
        return sum(statement.startswith("SELECT") for statement in asked)

    sa.event.listen(cases.database.engine, "before_cursor_execute", note)
    for work, of in ((recalculation.recalculate, madrid), (policy_changes.follow, standard)):
        questions(work, of, made[:1])  # what is kept in the process is read the first time
        assert questions(work, of, made[1:2]) == questions(work, of, made[2:]) > 0
    sa.event.remove(cases.database.engine, "before_cursor_execute", note)
