"""A policy changes: open cases follow it in the background, by its own setting, and the policy says how many clocks."""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chassis.clock import StoppedClock
from chassis.jobs import jobs_in
from chassis.ops.job_runner import JobRunner
from services.cases.handlers import clocks as due
from tests.factories import cases as make


@pytest.fixture
def followed(cases):
    """Wait for the job that a change of a policy started, or for that of a given id, and return what it says."""
    runner = JobRunner("cases", cases.database, cases.database.metadata, jobs_in(due))
    start = functools.cache(runner.start)  # once, behind the changes of the test

    def wait(policy, job=None):
        start()
        job = job or cases.ask("get_sla_policy", policy["id"]).body["recalculation_job_id"]
        for _ in range(1200):
            shown = cases.ask("get_job", job).body
            if shown["finished_at"]:
                return shown
            time.sleep(0.05)
        raise AssertionError(f"the job does not end: {shown}")

    yield wait
    runner.stop()


@dataclass
class Noon:
    """A case born at nine, the time at hand, and what happened."""

    case: dict[str, Any]
    clock: StoppedClock
    happened: Callable[..., list[Any]]


@pytest.fixture
def noon(case, clock, happened):
    """The case at noon: it has used three hours of its time."""
    clock.at(make.at("2026-03-02 12:00"))
    return Noon(case, clock, happened)


def _change(cases, policy, **changes):
    version = cases.ask("get_sla_policy", policy["id"]).body["version"]
    return cases.ask("update_sla_policy", policy["id"], data=changes, version=version).body


def _clocks(cases, case):
    return {each["metric"]: each for each in cases.ask("list_case_clocks", case["id"]).body}


def _due(cases, case, metric="resolution"):
    return _clocks(cases, case)[metric]["due_at"]


@pytest.mark.parametrize(
    "change",
    [
        ("from_start", "2026-03-02T12:00:00Z", 1),
        ("from_change", "2026-03-02T15:00:00Z", 1),
        ("new_cases", "2026-03-02T16:00:00Z", 0),
    ],
)
def test_open_cases_follow_other_targets_by_the_policys_own_setting(cases, standard, noon, followed, change):
    (on_change, due, moved), case = change, noon.case
    cases.ask("reply_to_case", case["id"], data={"text": "Hola"})
    changed = _change(cases, standard, targets=make.targets(normal=(4, 4)), on_change=on_change)
    job = followed(standard)

    assert (job["state"], job["error"], job["examined"], job["moved"]) == ("done", None, 1, moved)
    assert _due(cases, case) == due
    assert cases.ask("get_case", case["id"]).body["next_due_at"] == due
    said = cases.ask("get_sla_policy", standard["id"]).body
    assert (said["clocks_examined"], said["clocks_moved"]) == (1, moved)
    [told] = [
        data for _, data in noon.happened("policy_clocks_recalculated") if data["number"] == changed["terms_number"]
    ]
    assert (told["examined"], told["moved"]) == (1, moved)


def test_what_a_change_uses_up_is_late_from_the_change_and_what_it_puts_right_is_superseded(
    cases, standard, noon, followed
):
    _change(cases, standard, targets=make.targets(normal=(2, 8)))
    followed(standard)
    [(_, breached)] = noon.happened("sla_breached")
    assert (breached["breached_at"], breached["cause"]) == ("2026-03-02T11:00:00+00:00", "policy_changed")

    noon.clock.at(make.at("2026-03-02 12:30"))
    _change(cases, standard, targets=make.targets(normal=(6, 8)))
    followed(standard)
    first = _clocks(cases, noon.case)["first_response"]
    assert (first["breached_at"], first["due_at"]) == (None, "2026-03-02T14:00:00Z")
    explained = cases.ask("explain_case_clocks", noon.case["id"]).body[0]
    assert explained["superseded_breaches"] == ["2026-03-02T11:00:00Z"]


def test_what_is_met_stays_and_closed_cases_are_left_alone(cases, standard, case, clock, followed):
    cases.ask("transition_case", case["id"], data={"transition": "resolve", "solution": "Hecho"})
    before = _clocks(cases, case)
    _change(cases, standard, targets=make.targets(normal=(1, 2)))

    assert followed(standard)["examined"] == 0
    assert _clocks(cases, case) == before


@pytest.mark.parametrize("on_change", ["from_start", "from_change"])
def test_a_change_that_promises_the_same_moves_nothing(cases, standard, noon, followed, on_change):
    _change(cases, standard, name="De siempre", on_change=on_change)
    job = followed(standard)

    assert (job["examined"], job["moved"]) == (2, 0)
    assert noon.happened("sla_recalculated") == []
    assert {each["policy"] for each in _clocks(cases, noon.case).values()} == {"De siempre"}


def test_a_level_that_is_added_late_is_reached_at_the_change_not_before(cases, standard, noon, followed):
    noon.clock.at(make.at("2026-03-02 15:00"))
    _change(cases, standard, levels=[{"level": 1, "metric": "resolution", "percent": 50, "notify": ["supervisor"]}])
    followed(standard)

    [(_, escalated)] = noon.happened("case_escalated")
    assert escalated["reached_at"] == "2026-03-02T14:00:00+00:00"
    assert _due(cases, noon.case) == "2026-03-02T16:00:00Z"


def test_a_case_paused_meanwhile_has_the_new_target_when_it_goes_on(cases, standard, case, clock, followed):
    clock.at(make.at("2026-03-02 11:00"))
    cases.ask("transition_case", case["id"], data={"transition": "wait-for-customer"})
    _change(cases, standard, targets=make.targets(normal=(4, 6)))
    assert followed(standard)["moved"] == 1
    clock.at(make.at("2026-03-02 13:00"))
    cases.ask("transition_case", case["id"], data={"transition": "start"})

    assert _due(cases, case) == "2026-03-02T16:00:00Z"


def test_what_was_not_promised_before_begins_now_and_what_is_promised_no_longer_is_cancelled(
    cases, standard, workflow, clock, followed
):
    silver = make.policy_data(name="Plata", is_default=False, priorities=["high"])
    for target in silver["targets"]:
        del target["resolution_minutes"]
    silver = cases.ask("create_sla_policy", data=silver).body
    case = cases.ask("create_case", data=make.case_data(priority="high")).body
    assert set(_clocks(cases, case)) == {"first_response"}
    clock.at(make.at("2026-03-02 12:00"))
    _change(cases, silver, targets=[{"priority": "high", "resolution_minutes": 60}])
    job = followed(silver)

    assert (job["examined"], job["moved"]) == (2, 2)
    found = _clocks(cases, case)
    assert found["first_response"]["state"] == "cancelled"
    assert (found["resolution"]["state"], found["resolution"]["due_at"]) == ("running", "2026-03-02T12:00:00Z")


def test_a_policy_that_is_for_others_now_finds_them_and_a_new_one_too(cases, standard, case, clock, followed):
    followed(standard)
    other = cases.ask("create_case", data=make.case_data(priority="low")).body
    gold = make.policy_data(name="Oro", is_default=False, priorities=["low"], targets=make.targets(low=(1, 2)))
    gold = cases.ask("create_sla_policy", data=gold).body
    assert followed(gold)["moved"] == 2
    assert _due(cases, other) == "2026-03-02T10:00:00Z"

    _change(cases, gold, priorities=["normal"], targets=make.targets(normal=(1, 3)))
    job = followed(gold)

    assert (job["examined"], job["moved"]) == (4, 4)
    assert (_due(cases, case), _due(cases, other)) == ("2026-03-02T11:00:00Z", "2026-03-02T16:00:00Z")
    assert cases.ask("get_case", case["id"]).body["policy_id"] == gold["id"]


def test_a_policy_with_another_calendar_counts_by_it(cases, standard, case, clock, followed):
    afternoons = {day: [{"opens": "14:00", "closes": "18:00"}] for day in ("monday", "tuesday", "wednesday")}
    later = cases.ask("create_calendar", data=make.calendar_data(name="Tardes", week=afternoons)).body
    _change(cases, standard, calendar_id=later["id"])

    assert followed(standard)["moved"] == 2
    assert _due(cases, case, "first_response") == "2026-03-02T17:00:00Z"


def test_a_place_in_the_order_alone_moves_nothing_but_is_looked_into(cases, standard, case, clock, followed):
    _change(cases, standard, position=5)

    assert followed(standard)["moved"] == 0


def test_a_policy_deleted_before_its_turn_keeps_nothing_waiting(cases, standard, case, clock, followed):
    gold = cases.ask("create_sla_policy", data=make.policy_data(name="Oro", is_default=False, priorities=["low"])).body
    cases.ask("delete_sla_policy", gold["id"])
    _change(cases, standard, warning_percent=80)

    assert followed(standard)["state"] == "done"
    given_up = followed(gold, gold["recalculation_job_id"])
    assert (given_up["state"], given_up["error"], given_up["moved"]) == ("done", None, 0)


@pytest.mark.usefixtures("case")
def test_a_warning_some_time_before_is_given_by_clocks_that_run_already(cases, standard, clock, followed, warned):
    _change(cases, standard, warning_minutes=30)
    assert followed(standard)["moved"] == 0
    assert [warned(instant) for instant in ("12:29", "12:30")] == [[], ["first_response"]]

    _change(cases, standard, warning_minutes=None)
    assert followed(standard)["state"] == "done"
    assert warned("15:00") == ["first_response", "resolution"]


@pytest.fixture
def warned(clock, fire, happened):
    """Do what is due at a time of this Monday in Madrid; return of which metrics people were warned so far."""

    def until(time):
        clock.at(make.at(f"2026-03-02 {time}"))
        fire()
        return [data["metric"] for _, data in happened("sla_warned")]

    return until
