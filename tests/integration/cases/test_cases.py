"""Cases: what their type brings, who has them, where they may go, and their numbers."""

import threading

import pytest

from tests.factories import cases as make
from tests.kit.service import somebody


def _clock(body, metric):
    return next(each for each in body["sla"] if each["metric"] == metric)


def _transition(cases, case, to, **more):
    return cases.ask("transition_case", case["id"], data={"transition": to, **more}).body


def test_a_case_is_born_with_number_due_instants_and_state(cases, case):
    assert case["number"] == "2026-000001"
    assert (case["state"], case["category"], case["priority"]) == ("new", "open", "normal")
    assert _clock(case, "first_response")["due_at"] == "2026-03-02T12:00:00Z"
    assert _clock(case, "resolution")["due_at"] == "2026-03-02T16:00:00Z"
    assert (case["next_due_at"], case["sla_state"]) == ("2026-03-02T12:00:00Z", "on_track")
    assert case["policy_because"] == "default"


def test_an_urgent_case_is_promised_more(cases, standard, workflow, clock):
    urgent = cases.ask("create_case", data=make.case_data(priority="urgent")).body

    assert _clock(urgent, "first_response")["due_at"] == "2026-03-02T09:00:00Z"


def test_its_type_brings_defaults_tasks_and_demands_fields(cases, standard, workflow, clock):
    fields = [
        {"name": "invoice", "label": make.name("Factura"), "required": True},
        {"name": "amount", "label": make.name("Importe"), "kind": "decimal"},
    ]
    above = cases.ask("create_case_type", data=make.type_data("complaint", priority="high", fields=fields)).body
    tasks = [{"title": "Llamar", "due_minutes": 120, "required": True}, {"title": "Escribir"}]
    type_ = cases.ask("create_case_type", data=make.type_data("billing", parent_id=above["id"], tasks=tasks)).body

    missing = cases.refused("create_case", data=make.case_data(type_id=type_["id"], fields={"amount": "x", "b": 1}))
    assert missing.status == 422
    assert {each["pointer"] for each in missing.params["errors"]} == {"/fields/invoice", "/fields/amount", "/fields/b"}
    assert cases.refused("create_case", data=make.case_data(type_id=above["id"])).slug == "type-is-not-a-leaf"

    made = cases.ask("create_case", data=make.case_data(type_id=type_["id"], fields={"invoice": "F-1"})).body
    assert (made["priority"], made["number"]) == ("high", "2026-000001")
    assert [(task["title"], task["due_at"]) for task in made["tasks"]] == [
        ("Llamar", "2026-03-02T10:00:00Z"),
        ("Escribir", None),
    ]
    below = cases.ask("list_cases", params={"below_type_id": above["id"]}).body["items"]
    assert [each["id"] for each in below] == [made["id"]]
    assert cases.refused("delete_case_type", type_["id"]).params["users"] == "cases"
    again = cases.ask("update_case", made["id"], data={"fields": {"amount": "12.5"}}, version=1).body
    assert again["fields"] == {"invoice": "F-1", "amount": "12.500000"}


def test_numbers_have_no_gaps_also_when_cases_are_refused_or_made_at_once(cases, standard, workflow, clock):
    def make_some():
        for _ in range(4):
            cases.ask("create_case", data=make.case_data())
            cases.refused("create_case", data=make.case_data(fields={"unknown": 1}))
            cases.refused("create_case", data=make.case_data(type_id=standard["id"]))

    threads = [threading.Thread(target=make_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = sorted(each["number"] for each in cases.ask("list_cases", params={"limit": "200"}).body["items"])
    assert [int(number.rpartition("-")[2]) for number in numbers] == list(range(1, 17))


def test_the_number_is_taken_last_and_stands_in_everything_that_the_new_case_told(cases, case, happened):
    born = happened("case_created", "sla_started")
    assert [topic for topic, _ in born] == ["case_created", "sla_started", "sla_started"]
    assert {data["number"] for _, data in born} == {case["number"]}
    assert [each["id"] for each in cases.ask("list_cases", params={"q": case["number"]}).body["items"]] == [case["id"]]


def test_responsible_and_resolver_are_two_and_passing_the_work_on_never_loses_the_first(cases, case, happened):
    ana, luis = somebody("Ana"), somebody("Luis")
    cases.ask("assign_case", case["id"], data={"responsible_id": str(ana.user_id)})
    passed = cases.ask("escalate_case", case["id"], data={"resolver_id": str(luis.user_id), "because": "nivel 2"}).body

    assert (passed["responsible_id"], passed["resolver_id"]) == (str(ana.user_id), str(luis.user_id))
    assert [data["because"] for _, data in happened("case_assigned")] == [None, "nivel 2"]
    assert _clock(passed, "resolution")["due_at"] == _clock(case, "resolution")["due_at"]


def test_what_may_be_done_now_names_what_is_missing_and_the_transition_refuses_it(cases, case):
    task = cases.ask("add_case_task", case["id"], data={"title": "Medir", "required": True}).body
    actions = cases.ask("list_case_actions", case["id"], locale="es").body

    resolve = next(each for each in actions["transitions"] if each["transition"] == "resolve")
    assert not resolve["possible"]
    assert [each["name"] for each in resolve["unmet"]] == ["tasks-done", "solution-written"]
    assert resolve["unmet"][0]["detail"] == "Termine las tareas obligatorias."

    refused = cases.refused("transition_case", case["id"], data={"transition": "resolve"})
    assert (refused.status, refused.slug) == (409, "preconditions-unmet")
    assert [each["name"] for each in refused.params["unmet"]] == ["tasks-done", "solution-written"]

    cases.ask("finish_case_task", case["id"], task["id"])
    assert _transition(cases, case, "resolve", solution="Cable nuevo")["category"] == "resolved"


def test_what_asks_for_a_supervisor_is_done_by_one(cases, standard, clock):
    body = make.workflow_data()
    body["transitions"][-1]["preconditions"] = ["supervisor"]
    cases.ask("create_workflow", data=body)
    luis = somebody("Luis", cases_write="all", cases_read="all")
    marta = somebody("Marta", cases_write="all", cases_read="all", cases_supervise="all")
    case = cases.ask("create_case", data=make.case_data(), by=luis).body
    cases.ask("transition_case", case["id"], data={"transition": "resolve", "solution": "Hecho"}, by=luis)

    again = {"transition": "reopen"}
    assert cases.refused("transition_case", case["id"], data=again, by=luis).params["unmet"][0]["name"] == "supervisor"
    assert cases.ask("transition_case", case["id"], data=again, by=marta).body["category"] == "open"
    assert cases.refused("take_over_case", case["id"], data={}, by=luis).status == 403
    taken = cases.ask("take_over_case", case["id"], data={"because": "Cliente clave"}, by=marta).body
    assert taken["responsible_id"] == str(marta.user_id)


def test_a_transition_that_does_not_begin_here_is_refused_with_those_that_do(cases, case):
    refused = cases.refused("transition_case", case["id"], data={"transition": "close"})

    assert refused.slug == "transition-impossible"
    assert "resolve" in refused.params["possible"]
    assert refused.params["state"] == "new"
    assert refused.detail.startswith("From the state new no transition close")
    spanish = cases.refused("transition_case", case["id"], data={"transition": "close"}, locale="es")
    assert spanish.detail.startswith("Desde el estado «nuevo» no parte la transición close")


def test_a_state_is_taken_out_of_a_workflow_only_when_no_case_is_in_it(cases, workflow, case):
    cases.ask("transition_case", case["id"], data={"transition": "wait-for-others"})
    gone = "waiting-others"
    change = {
        "states": [each for each in workflow["states"] if each["key"] != gone],
        "transitions": [
            {**each, "sources": [source for source in each["sources"] if source != gone]}
            for each in workflow["transitions"]
            if each["to"] != gone
        ],
    }

    refusal = cases.refused("update_workflow", workflow["id"], data=change, version=1, locale="es")
    assert (refusal.status, refusal.slug, gone in refusal.detail) == (409, "state-is-in-use", True)
    cases.ask("transition_case", case["id"], data={"transition": "start"})
    changed = cases.ask("update_workflow", workflow["id"], data=change, version=1).body
    assert gone not in {each["key"] for each in changed["states"]}


def test_a_team_sees_its_own_cases_only(cases, standard, workflow):
    ana, luis = (somebody(name, cases_write="own", cases_read="own") for name in ("Ana", "Luis"))
    made = cases.ask("create_case", data=make.case_data(), by=ana).body

    assert cases.ask("get_case", made["id"], by=ana).body["id"] == made["id"]
    assert cases.refused("get_case", made["id"], by=luis).status == 404
    assert cases.refused("reply_to_case", made["id"], data={"text": "Hola"}, by=luis).status == 404
    assert cases.ask("list_cases", by=luis).body["items"] == []


def test_cases_are_found_by_number_words_responsible_and_urgency(cases, case):
    other = cases.ask("create_case", data=make.case_data(subject="Factura", priority="urgent")).body

    def found(**params):
        return [each["id"] for each in cases.ask("list_cases", params=params).body["items"]]

    assert found(q="fibra") == [case["id"]]
    assert found(number="2026-000002") == [other["id"]]
    assert found(sort="next_due_at") == [other["id"], case["id"]]
    assert found(is_open="false") == []
    assert len(found(responsible_id=case["responsible_id"])) == 2


def test_replies_notes_and_messages_are_told_as_what_they_are(cases, case, happened):
    cases.ask("add_case_note", case["id"], data={"text": "Es la tercera vez"})
    reply = cases.ask("reply_to_case", case["id"], data={"text": "Lo miramos"}).body
    cases.ask("add_case_message", case["id"], data={"text": "Gracias", "sender": "ana@acme.example"})

    entries = cases.ask("list_case_entries", case["id"]).body["items"]
    assert [each["kind"] for each in entries] == ["note", "reply", "customer"]
    [(_, told)] = happened("case_replied")
    assert (told["text"], told["recipients"], told["entry_id"]) == ("Lo miramos", ["ana@acme.example"], reply["id"])
    assert told["mail_token"]
    assert "tercera" not in str(cases.told())


@pytest.mark.parametrize("operation", ["get_case", "list_case_actions", "list_case_clocks", "explain_case_clocks"])
def test_what_does_not_exist_is_not_found(cases, standard, operation):
    assert cases.refused(operation, standard["id"]).status == 404
