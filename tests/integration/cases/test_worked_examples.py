"""The worked examples of the specification through the whole service: on both databases, wherever the server stands."""

import time

import pytest

from chassis.clock import stopped
from tests.factories import cases as make

SERVERS = ("UTC", "America/Los_Angeles", "Pacific/Kiritimati")
SPLIT = {
    day: [{"opens": "09:00", "closes": "13:00"}, {"opens": "14:00", "closes": "18:00"}]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS = {day: [{"opens": "00:00", "closes": "24:00"}] for day in DAYS}
KINGS = {"on": "2026-01-06", "name": "Reyes"}

EXAMPLES = {
    "V1": ({}, [], "2026-03-02 10:00", 4, "2026-03-02 14:00"),
    "V2": ({}, [], "2026-03-06 17:00", 4, "2026-03-09 12:00"),
    "V4": ({"week": SPLIT}, [], "2026-03-02 12:00", 2, "2026-03-02 15:00"),
    "V5": ({}, [KINGS], "2026-01-05 17:00", 2, "2026-01-07 10:00"),
    "V8": ({"week": ALWAYS}, [], "2026-03-28 22:00", 8, "2026-03-29 07:00"),
    "V10": ({}, [], "2026-03-27 17:00", 2, "2026-03-30 10:00"),
    "V12": ({}, [], "2026-03-02 09:00", 9, "2026-03-02 18:00"),
}


@pytest.fixture(params=SERVERS)
def server(request, monkeypatch):
    """The zone in which this process and its connections to the database live."""
    monkeypatch.setenv("TZ", request.param)
    monkeypatch.setenv("PGTZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def there(cases, server):
    """The service, with connections that were opened in the server's zone."""
    cases.database.dispose()
    yield cases
    cases.database.dispose()


def _written(instant):
    return make.at(instant).isoformat().replace("+00:00", "Z")


def _resolution(case):
    return next(each for each in case["sla"] if each["metric"] == "resolution")


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_case_falls_due_where_the_specification_says_on_paper_in_the_row_and_in_the_account(there, example):
    calendar, holidays, born, target, due = EXAMPLES[example]
    sets = [there.ask("create_holiday_set", data={"name": "Fiestas", "holidays": holidays}).body["id"]]
    there.ask("create_workflow", data=make.workflow_data())
    with stopped(make.at("2026-01-01 09:00")) as clock:
        there.ask("create_calendar", data=make.calendar_data(holiday_set_ids=sets, **calendar))
        there.ask("create_sla_policy", data=make.policy_data(targets=make.targets(normal=(target, target))))
        clock.at(make.at(born))
        made = there.ask("create_case", data=make.case_data()).body
        clock.at(make.at(due))
        seen = there.ask("get_case", made["id"]).body
        [first, resolution] = there.ask("explain_case_clocks", made["id"]).body

    assert (made["created_at"], made["next_due_at"], _resolution(made)["due_at"]) == (
        _written(born),
        _written(due),
        _written(due),
    )
    assert (_resolution(seen)["elapsed_seconds"], _resolution(seen)["breached_at"]) == (target * 3600, _written(due))
    assert sum(each["seconds"] for each in resolution["intervals"]) == target * 3600
    assert first["intervals"][0]["since"] == _written(born)
    assert [each["id"] for each in there.ask("list_cases", params={"next_due_at": _written(due)}).body["items"]] == [
        made["id"]
    ]


def test_what_a_clock_went_through_is_read_from_the_row_as_it_was_written(there):
    there.ask("create_workflow", data=make.workflow_data())
    with stopped(make.at("2026-03-27 09:00")) as clock:
        there.ask("create_calendar", data=make.calendar_data())
        there.ask("create_sla_policy", data=make.policy_data())
        made = there.ask("create_case", data=make.case_data()).body
        for instant, transition in (
            ("2026-03-27 17:00", "wait-for-customer"),
            ("2026-03-30 10:00", "start"),
            ("2026-03-30 10:30", "resolve"),
        ):
            clock.at(make.at(instant))
            there.ask("transition_case", made["id"], data={"transition": transition, "solution": "Hecho"})
        [_, resolution] = there.ask("explain_case_clocks", made["id"]).body

    # Eight hours of Friday, half an hour of Monday, after the night in which clocks went forward.
    assert (resolution["clock"]["elapsed_seconds"], resolution["clock"]["paused_seconds"]) == (8.5 * 3600, 2 * 3600)
    assert resolution["clock"]["breached_at"] == _written("2026-03-30 10:00")
    assert [each["why"] for each in resolution["intervals"]] == ["working", "paused", "working"]
