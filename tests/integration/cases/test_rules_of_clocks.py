"""What the specification says of clocks and no other test does: each sentence of it once."""

import pytest

from tests.factories import cases as make
from tests.kit.service import somebody

ALWAYS = {
    day: [{"opens": "00:00", "closes": "24:00"}]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}
PERIODIC = {
    "next_response": "periodic",
    "targets": [{**each, "next_response_minutes": 120} for each in make.targets()],
}


def _sla(cases, case, metric):
    found = [each for each in cases.ask("list_case_clocks", case["id"]).body if each["metric"] == metric]
    return found[-1] if found else None


def _go(cases, case, transition, **more):
    return cases.ask("transition_case", case["id"], data={"transition": transition, **more}).body


def test_the_first_response_is_not_started_anew_for_another_group_owner_or_resolver(cases, case, clock):
    before = _sla(cases, case, "first_response")
    clock.at(make.at("2026-03-02 10:00"))
    named = {"responsible_id": case["id"], "resolver_id": case["id"], "group_id": case["id"]}
    cases.ask("assign_case", case["id"], data=named)
    cases.ask("take_over_case", case["id"], data={})

    after = _sla(cases, case, "first_response")
    assert (after["id"], after["due_at"], after["elapsed_seconds"]) == (before["id"], before["due_at"], 3600)


def test_a_note_is_no_answer_and_waiting_for_the_customer_pauses_the_resolution_alone(cases, case, clock):
    cases.ask("add_case_note", case["id"], data={"text": "Llamar"})
    _go(cases, case, "wait-for-customer")

    assert _sla(cases, case, "first_response")["state"] == "running"
    paused = _sla(cases, case, "resolution")
    assert (paused["state"], paused["due_at"], paused["remaining_seconds"]) == ("paused", None, 8 * 3600)
    assert cases.ask("get_case", case["id"]).body["next_due_at"] == "2026-03-02T12:00:00Z"


def test_while_we_wait_for_others_the_customer_still_waits(cases, case, clock):
    _go(cases, case, "wait-for-others")

    assert _sla(cases, case, "resolution")["state"] == "running"


def test_closing_what_is_resolved_touches_no_clock(cases, case, clock):
    clock.at(make.at("2026-03-02 11:00"))
    _go(cases, case, "resolve", solution="Hecho")
    before = cases.ask("list_case_clocks", case["id"]).body
    clock.at(make.at("2026-03-09 11:00"))
    _go(cases, case, "close")

    assert cases.ask("list_case_clocks", case["id"]).body == before


def test_a_resolution_that_was_reopened_stays_in_the_account_as_met_before(cases, case, clock):
    clock.at(make.at("2026-03-02 12:00"))
    _go(cases, case, "resolve", solution="Hecho")
    clock.at(make.at("2026-03-04 10:00"))
    _go(cases, case, "reopen")

    account = cases.ask("explain_case_clocks", case["id"]).body[-1]
    assert account["met_before"] == ["2026-03-02T11:00:00Z"]
    assert [each["why"] for each in account["intervals"]] == ["working", "resolved"]


def test_how_late_it_is_is_told_in_working_time_and_on_the_wall(cases, case, clock, happened):
    clock.at(make.at("2026-03-03 10:00"))
    open_ = _sla(cases, case, "first_response")
    cases.ask("reply_to_case", case["id"], data={"text": "Perdón"})
    clock.at(make.at("2026-03-04 10:00"))
    answered = _sla(cases, case, "first_response")

    for each in (open_, answered):
        assert (each["late_seconds"], each["late_wall_seconds"]) == (6 * 3600, 21 * 3600)
    assert _sla(cases, case, "resolution")["late_wall_seconds"] == 41 * 3600


def test_another_type_is_another_promise_like_another_priority(cases, standard, case, clock, happened):
    quick = {"name": "Q", "is_default": False, "targets": make.targets(normal=(1, 2))}
    policy = cases.ask("create_sla_policy", data=make.policy_data(**quick)).body
    type_ = cases.ask("create_case_type", data=make.type_data(sla_policy_id=policy["id"])).body
    clock.at(make.at("2026-03-02 09:30"))

    changed = cases.ask("update_case", case["id"], data={"type_id": type_["id"]}, version=case["version"]).body

    assert changed["policy_because"] == "type"
    assert [each["due_at"] for each in changed["sla"]] == ["2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"]


def test_an_answer_may_be_owed_regularly_while_the_case_is_open(cases, monday, fire, happened):
    clock = monday
    cases.ask("create_sla_policy", data=make.policy_data(**PERIODIC))
    case = cases.ask("create_case", data=make.case_data()).body
    assert _sla(cases, case, "next_response") is None
    clock.at(make.at("2026-03-02 10:00"))
    cases.ask("reply_to_case", case["id"], data={"text": "Lo miramos"})
    clock.at(make.at("2026-03-02 11:00"))
    cases.ask("add_case_message", case["id"], data={"text": "Gracias"})
    assert _sla(cases, case, "next_response")["due_at"] == "2026-03-02T11:00:00Z"
    cases.ask("reply_to_case", case["id"], data={"text": "Seguimos"})
    assert (_sla(cases, case, "next_response")["instance"], _sla(cases, case, "next_response")["due_at"]) == (
        2,
        "2026-03-02T12:00:00Z",
    )
    clock.at(make.at("2026-03-02 15:00"))
    fire()

    assert ("next_response", "2026-03-02T12:00:00+00:00") in [
        (data["metric"], data["breached_at"]) for _, data in happened("sla_breached")
    ]


def test_where_answers_are_owed_regularly_the_next_one_is_owed_from_the_reopening_on(cases, monday):
    clock = monday
    cases.ask("create_sla_policy", data=make.policy_data(**PERIODIC))
    case = cases.ask("create_case", data=make.case_data()).body
    cases.ask("reply_to_case", case["id"], data={"text": "Lo miramos"})
    _go(cases, case, "resolve", solution="Hecho")
    clock.at(make.at("2026-03-03 10:00"))
    _go(cases, case, "reopen")

    owed = _sla(cases, case, "next_response")
    assert (owed["state"], owed["due_at"]) == ("running", "2026-03-03T11:00:00Z")


@pytest.mark.parametrize(
    ("calendar", "instants"),
    [
        # Round the clock every day is worked: the sixth after it is one too many.
        ({"week": ALWAYS}, ("2026-03-02 10:00", "2026-03-07 23:00", "2026-03-08 01:00")),
        # A working day in Auckland lies on two days of UTC.
        ({"time_zone": "Pacific/Auckland"}, ("2026-03-02 02:00", "2026-03-09 04:00", "2026-03-09 21:30")),
    ],
)
def test_working_days_until_a_case_is_over_are_those_of_its_calendar(cases, workflow, clock, calendar, instants):
    resolved, in_time, too_late = instants
    cases.ask("create_calendar", data=make.calendar_data(**calendar))
    cases.ask("create_sla_policy", data=make.policy_data())
    reopened = []
    for instant in (in_time, too_late):
        clock.at(make.at(resolved))
        case = cases.ask("create_case", data=make.case_data()).body
        _go(cases, case, "resolve", solution="Hecho")
        clock.at(make.at(instant))
        reopened.append(_go(cases, case, "reopen")["id"] == case["id"])

    assert reopened == [True, False]


def test_exceptional_days_that_end_before_they_start_are_refused(cases):
    wrong = {"starts_on": "2026-12-31", "ends_on": "2026-12-24", "name": "Cierre"}
    refused = cases.refused("create_calendar", data=make.calendar_data(exceptions=[wrong]), locale="es")

    assert (refused.status, refused.slug) == (422, "days-end-before-they-start")
    assert "2026-12-24" in refused.detail


def test_one_level_of_a_metric_is_one_level(cases, madrid):
    level = {"level": 1, "metric": "resolution", "percent": 50, "notify": ["supervisor"]}
    other = {**level, "metric": "first_response"}

    assert cases.ask("create_sla_policy", data=make.policy_data(levels=[level, other])).body["levels"]
    refused = cases.refused("create_sla_policy", data=make.policy_data(name="Otra", levels=[level, level]))
    assert refused.slug == "level-is-named-twice"


def test_who_supervises_others_is_no_supervisor_here(cases, standard, clock):
    body = make.workflow_data()
    next(each for each in body["transitions"] if each["key"] == "resolve")["preconditions"] = ["supervisor"]
    cases.ask("create_workflow", data=body)
    ana = somebody("Ana", cases_read="all", cases_write="all", cases_supervise="team")
    hers = cases.ask("create_case", data=make.case_data(), by=ana).body
    case = cases.ask("create_case", data=make.case_data()).body

    resolve = {"transition": "resolve"}
    assert cases.ask("transition_case", hers["id"], data=resolve, by=ana).body["category"] == "resolved"
    refused = cases.refused("transition_case", case["id"], data=resolve, by=ana)
    assert [each["name"] for each in refused.params["unmet"]] == ["supervisor"]


def test_what_may_be_done_is_what_the_caller_may_do_with_this_case(cases, case):
    ana = somebody("Ana", cases_read="all", cases_write="own", cases_supervise="own")
    hers = cases.ask("create_case", data=make.case_data(), by=ana).body

    mine, others = (cases.ask("list_case_actions", each["id"], by=ana).body for each in (hers, case))

    assert {"reply", "take-over"} <= set(mine["verbs"])
    assert mine["fields"]
    assert any(each["possible"] for each in mine["transitions"])
    assert (others["verbs"], others["fields"]) == ([], [])
    assert not any(each["possible"] for each in others["transitions"])
    assert cases.refused("reply_to_case", case["id"], data={"text": "Hola"}, by=ana).status == 404
