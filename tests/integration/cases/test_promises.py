"""What was promised for a case: its clocks run, stand still, warn, breach, escalate, and account for themselves."""

import pytest

from tests.factories import cases as make


def _sla(cases, case, metric):
    found = [each for each in cases.ask("list_case_clocks", case["id"]).body if each["metric"] == metric]
    return found[-1]


def _go(cases, case, transition, **more):
    return cases.ask("transition_case", case["id"], data={"transition": transition, **more}).body


def test_an_answer_meets_the_first_response_and_an_automatic_one_does_not(cases, case, clock, happened):
    clock.at(make.at("2026-03-02 10:00"))
    cases.ask("reply_to_case", case["id"], data={"text": "Recibido", "automatic": True})
    assert _sla(cases, case, "first_response")["state"] == "running"

    cases.ask("reply_to_case", case["id"], data={"text": "Lo miramos"})

    first = _sla(cases, case, "first_response")
    assert (first["state"], first["met_at"], first["elapsed_seconds"]) == ("met", "2026-03-02T09:00:00Z", 3600)
    [(_, met)] = happened("sla_met")
    assert (met["metric"], met["in_time"]) == ("first_response", True)
    assert cases.ask("get_case", case["id"]).body["next_due_at"] == "2026-03-02T16:00:00Z"


def test_waiting_for_the_customer_stands_still_and_their_answer_goes_on(cases, case, clock, happened, fire):
    cases.ask("reply_to_case", case["id"], data={"text": "¿Qué router?"})
    clock.at(make.at("2026-03-02 11:00"))
    waiting = _go(cases, case, "wait-for-customer")
    assert (waiting["next_due_at"], _sla(cases, case, "resolution")["due_at"]) == (None, None)

    clock.at(make.at("2026-03-03 11:00"))
    fire()
    cases.ask("add_case_message", case["id"], data={"text": "El blanco", "sender": "ana@acme.example"})

    resolution = _sla(cases, case, "resolution")
    assert (resolution["state"], resolution["due_at"]) == ("running", "2026-03-03T16:00:00Z")
    assert resolution["paused_seconds"] == 9 * 3600
    assert cases.ask("get_case", case["id"]).body["state"] == "in-progress"
    assert [topic for topic, _ in happened("sla_paused", "sla_resumed", "sla_breached")] == [
        "sla_paused",
        "sla_resumed",
    ]


def test_it_warns_at_three_quarters_and_breaches_once(cases, case, clock, happened, fire):
    for instant in ("2026-03-02 11:59", "2026-03-02 12:00", "2026-03-02 13:00", "2026-03-02 13:00"):
        clock.at(make.at(instant))
        fire()

    told = happened("sla_warned", "sla_breached")
    assert [(topic, data["metric"]) for topic, data in told] == [
        ("sla_warned", "first_response"),
        ("sla_breached", "first_response"),
    ]
    assert told[0][1]["warned_at"] == "2026-03-02T11:00:00+00:00"
    assert told[1][1]["breached_at"] == "2026-03-02T12:00:00+00:00"
    assert cases.ask("get_case", case["id"]).body["sla_state"] == "breached"


@pytest.mark.parametrize("expected", [(30, "11:30", 87), (180, "09:00", 25), (600, "08:00", 0)])
def test_it_warns_so_much_working_time_before(cases, monday, happened, fire, expected):
    minutes, at, percent = expected
    cases.ask("create_sla_policy", data=make.policy_data(warning_minutes=minutes))
    cases.ask("create_case", data=make.case_data())

    monday.at(make.at("2026-03-02 12:59"))
    fire()

    [told] = [data for _, data in happened("sla_warned") if data["metric"] == "first_response"]
    assert (told["warned_at"][11:16], told["percent"], told["due_at"][11:16]) == (at, percent, "12:00")


def test_after_an_outage_everything_is_told_in_its_order_with_the_instant_that_it_was_due(
    cases, case, clock, happened, fire
):
    clock.at(make.at("2026-03-05 12:00"))
    fire()
    fire()

    told = [(topic, data["metric"]) for topic, data in happened("sla_warned", "sla_breached")]
    assert told == [
        ("sla_warned", "first_response"),
        ("sla_breached", "first_response"),
        ("sla_warned", "resolution"),
        ("sla_breached", "resolution"),
    ]
    assert happened("sla_breached")[1][1]["breached_at"] == "2026-03-02T16:00:00+00:00"


def test_a_late_answer_says_how_late_also_when_no_timer_fired(cases, case, clock, happened):
    clock.at(make.at("2026-03-02 15:00"))
    cases.ask("reply_to_case", case["id"], data={"text": "Perdón"})

    [(_, breached), (_, met)] = happened("sla_breached", "sla_met")
    assert breached["breached_at"] == "2026-03-02T12:00:00+00:00"
    assert (met["in_time"], met["late_seconds"]) == (False, 2 * 3600)


def test_levels_of_escalation_fire_once_and_in_order_and_not_after_it_was_met(cases, monday, happened, fire):
    clock = monday
    levels = [
        {"level": 1, "metric": "resolution", "percent": 50, "notify": ["supervisor"]},
        {"level": 2, "metric": "resolution", "minutes": -60, "notify": ["manager"]},
        {"level": 3, "metric": "resolution", "minutes": 60, "notify": ["director"]},
    ]
    cases.ask("create_sla_policy", data=make.policy_data(levels=levels))
    case = cases.ask("create_case", data=make.case_data()).body
    clock.at(make.at("2026-03-02 16:30"))
    fire()
    clock.at(make.at("2026-03-02 17:30"))
    _go(cases, case, "resolve", solution="Hecho")
    clock.at(make.at("2026-03-06 12:00"))
    fire()

    told = [(data["level"], data["notify"], data["reached_at"]) for _, data in happened("case_escalated")]
    assert told == [
        (1, ["supervisor"], "2026-03-02T12:00:00+00:00"),
        (2, ["manager"], "2026-03-02T15:00:00+00:00"),
    ]


def test_a_pause_that_ends_in_a_resolve_counts(cases, case, clock, fire, happened):
    cases.ask("reply_to_case", case["id"], data={"text": "¿Qué router?"})
    clock.at(make.at("2026-03-02 11:00"))
    _go(cases, case, "wait-for-customer")
    clock.at(make.at("2026-03-04 11:00"))
    _go(cases, case, "resolve", solution="Se arregló solo")
    fire()

    resolution = _sla(cases, case, "resolution")
    assert (resolution["state"], resolution["elapsed_seconds"], resolution["breached_at"]) == ("met", 7200, None)
    assert happened("sla_breached") == []


def test_v14_a_reopened_case_goes_on_with_what_was_left(cases, case, clock, happened):
    clock.at(make.at("2026-03-02 12:00"))
    _go(cases, case, "resolve", solution="Hecho")
    clock.at(make.at("2026-03-04 10:00"))
    again = _go(cases, case, "reopen")

    assert (again["id"], again["reopened"]) == (case["id"], 1)
    assert _sla(cases, case, "resolution")["due_at"] == "2026-03-04T14:00:00Z"
    assert len(happened("case_reopened")) == 1


@pytest.mark.parametrize(("how", "due"), [("restart", "2026-03-04T17:00:00Z"), ("none", None)])
def test_a_policy_may_have_it_start_again_or_not_at_all(cases, monday, how, due):
    clock = monday
    cases.ask("create_sla_policy", data=make.policy_data(on_reopening=how))
    case = cases.ask("create_case", data=make.case_data()).body
    clock.at(make.at("2026-03-02 12:00"))
    _go(cases, case, "resolve", solution="Hecho")
    clock.at(make.at("2026-03-04 10:00"))
    _go(cases, case, "reopen")

    resolution = _sla(cases, case, "resolution")
    assert resolution["due_at"] == due or resolution["state"] == "met"


def test_too_late_to_be_reopened_it_is_followed_by_a_new_case(cases, case, clock):
    clock.at(make.at("2026-03-02 12:00"))
    _go(cases, case, "resolve", solution="Hecho")
    clock.at(make.at("2026-03-12 10:00"))
    new = _go(cases, case, "reopen")

    assert new["id"] != case["id"]
    assert (new["follows_id"], new["number"]) == (case["id"], "2026-000002")
    assert cases.ask("get_case", case["id"]).body["state"] == "resolved"


@pytest.mark.parametrize(
    ("on_change", "due"),
    [("from_start", "2026-03-02T12:00:00Z"), ("from_change", "2026-03-02T15:00:00Z"), ("new_cases", None)],
)
def test_v13_another_priority_is_another_target(cases, monday, on_change, due):
    clock = monday
    targets = make.targets(high=(1, 4))
    cases.ask("create_sla_policy", data=make.policy_data(targets=targets, on_change=on_change))
    case = cases.ask("create_case", data=make.case_data()).body
    clock.at(make.at("2026-03-02 12:00"))

    changed = cases.ask("update_case", case["id"], data={"priority": "high"}, version=case["version"]).body

    resolution = next(each for each in changed["sla"] if each["metric"] == "resolution")
    assert resolution["due_at"] == (due or "2026-03-02T16:00:00Z")


def test_a_target_used_up_by_a_change_is_late_from_the_change_and_says_so(cases, case, clock, happened):
    clock.at(make.at("2026-03-02 12:00"))
    cases.ask("update_case", case["id"], data={"priority": "urgent"}, version=case["version"])

    [(_, breached)] = happened("sla_breached")
    assert (breached["metric"], breached["cause"]) == ("first_response", "policy_changed")
    assert breached["breached_at"] == "2026-03-02T11:00:00+00:00"


def test_who_writes_twice_waits_from_the_first_time(cases, madrid, workflow, clock):
    targets = [{**each, "next_response_minutes": 120} for each in make.targets()]
    cases.ask("create_sla_policy", data=make.policy_data(targets=targets))
    case = cases.ask("create_case", data=make.case_data()).body
    cases.ask("reply_to_case", case["id"], data={"text": "Hola"})
    for hour in ("10:00", "11:00"):
        clock.at(make.at(f"2026-03-02 {hour}"))
        cases.ask("add_case_message", case["id"], data={"text": "¿Y?"})
    assert _sla(cases, case, "next_response")["due_at"] == "2026-03-02T11:00:00Z"

    cases.ask("reply_to_case", case["id"], data={"text": "Ya"})
    assert _sla(cases, case, "next_response")["state"] == "met"
    clock.at(make.at("2026-03-02 12:00"))
    cases.ask("add_case_message", case["id"], data={"text": "Otra cosa"})
    assert (_sla(cases, case, "next_response")["instance"], _sla(cases, case, "next_response")["state"]) == (
        2,
        "running",
    )


def test_what_began_with_our_own_call_has_its_first_response(cases, standard, workflow, clock):
    called = {"channel": "phone", "direction": "outbound"}
    reached = cases.ask("create_case", data=make.case_data(**called)).body
    missed = cases.ask("create_case", data=make.case_data(**called, reached=False)).body

    assert [each["state"] for each in reached["sla"]] == ["met", "running"]
    assert [each["state"] for each in missed["sla"]] == ["running", "running"]


def test_every_minute_is_explained(cases, case, clock):
    cases.ask("reply_to_case", case["id"], data={"text": "¿Qué router?"})
    clock.at(make.at("2026-03-02 11:00"))
    _go(cases, case, "wait-for-customer")
    clock.at(make.at("2026-03-02 12:00"))
    _go(cases, case, "start")
    clock.at(make.at("2026-03-03 10:00"))

    explained = next(
        each for each in cases.ask("explain_case_clocks", case["id"]).body if each["clock"]["metric"] == "resolution"
    )

    assert [(each["why"], each["seconds"]) for each in explained["intervals"]] == [
        ("working", 7200),
        ("paused", 0),
        ("working", 6 * 3600),
        ("closed", 0),
        ("working", 3600),
    ]
    assert explained["time_zone"] == "Europe/Madrid"
    assert sum(each["seconds"] for each in explained["intervals"]) == explained["clock"]["elapsed_seconds"]


def test_the_policy_of_the_customer_comes_before_that_of_type_priority_and_default(cases, standard, workflow, clock):
    company = standard["id"]
    plain = {"is_default": False, "targets": make.targets(normal=(1, 2))}
    for_priority = cases.ask("create_sla_policy", data=make.policy_data(name="P", priorities=["normal"], **plain)).body
    for_type = cases.ask("create_sla_policy", data=make.policy_data(name="T", **plain)).body
    for_customer = cases.ask("create_sla_policy", data=make.policy_data(name="C", company_ids=[company], **plain)).body
    type_ = cases.ask("create_case_type", data=make.type_data(sla_policy_id=for_type["id"])).body

    def holding(**more):
        made = cases.ask("create_case", data=make.case_data(**more)).body
        return made["policy_id"], made["policy_because"]

    assert holding(type_id=type_["id"], company_id=company) == (for_customer["id"], "customer")
    assert holding(type_id=type_["id"]) == (for_type["id"], "type")
    assert holding() == (for_priority["id"], "priority")
    assert holding(priority="low") == (standard["id"], "default")


def test_a_policy_does_not_measure_cases_born_before_it_applies(cases, standard, workflow, clock):
    later = {"is_default": False, "priorities": ["normal"], "applies_from": "2026-04-01T00:00:00Z"}
    cases.ask("create_sla_policy", data=make.policy_data(name="Nueva", **later))

    assert cases.ask("create_case", data=make.case_data()).body["policy_id"] == standard["id"]
