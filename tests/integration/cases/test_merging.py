"""Cases about the same become one, and one about two things becomes two: nothing that was said is lost."""

import threading
import uuid

import pytest

from chassis.clock import utc_now
from chassis.errors import Refusal
from chassis.ids import new_id
from contracts.cases import CaseMerged
from contracts.notifications import MessageReceived
from tests.factories import cases as make
from tests.kit.service import somebody


@pytest.fixture
def nine(cases, madrid, workflow, clock):
    """Monday at nine, a policy that promises the next answer within two hours, and the time at hand."""
    targets = [{**each, "next_response_minutes": 120} for each in make.targets()]
    cases.ask("create_sla_policy", data=make.policy_data(targets=targets))
    return clock


def _case(cases, **more):
    return cases.ask("create_case", data=make.case_data(**more)).body


def _merge(cases, survivor, *absorbed, **how):
    ids = [each["id"] for each in absorbed]
    return cases.ask("merge_cases", survivor["id"], data={"absorbed_ids": ids, "reason": "Lo mismo"}, **how).body


def _refused(cases, survivor, *absorbed):
    return cases.refused("merge_cases", survivor["id"], data={"absorbed_ids": [each["id"] for each in absorbed]})


def _say(cases, case, text, at=None, clock=None):
    if at:
        clock.at(make.at(f"2026-03-02 {at}"))
    return cases.ask("add_case_message", case["id"], data={"text": text, "sender": "ana@acme.example"}).body


def _said(cases, case):
    return [each["text"] for each in cases.ask("list_case_entries", case["id"]).body["items"]]


def _clocks(cases, case):
    return cases.ask("list_case_clocks", case["id"]).body


def _next(cases, case):
    return [each for each in _clocks(cases, case) if each["metric"] == "next_response"]


def test_what_was_said_goes_on_in_the_survivor_in_order_with_the_words_that_the_other_began_with(cases, nine):
    one, two = _case(cases), _case(cases, description="Se corta", contact_email="luis@acme.example")
    _say(cases, one, "primero", "09:10", nine)
    moved = _say(cases, two, "segundo", "09:20", nine)
    _say(cases, one, "tercero", "09:30", nine)
    task = cases.ask("add_case_task", two["id"], data={"title": "Medir"}).body
    merged = _merge(cases, one, two)

    assert (merged["id"], merged["number"]) == (one["id"], "2026-000001")
    assert _said(cases, one) == ["Se corta", "primero", "segundo", "tercero"]
    entries = cases.ask("list_case_entries", one["id"]).body["items"]
    assert [each["moved_from_id"] for each in entries] == [two["id"], None, two["id"], None]
    assert (entries[0]["kind"], entries[0]["sender"]) == ("customer", "luis@acme.example")
    assert cases.ask("get_case_entry", moved["id"]).body["case_id"] == one["id"]
    assert [each["id"] for each in merged["tasks"]] == [task["id"]]
    [card] = merged["absorbed"]
    assert (card["case_id"], card["number"], card["email"]) == (two["id"], "2026-000002", "luis@acme.example")


def test_the_other_shows_that_it_was_merged_and_its_id_and_number_lead_on(cases, nine, happened):
    one, two = _case(cases), _case(cases, subject="Otra")
    _merge(cases, one, two)

    [row] = cases.ask("list_cases", params={"state": "merged"}).body["items"]
    assert (row["id"], row["category"], row["merged_into_id"]) == (two["id"], "closed", one["id"])
    found = cases.ask("list_cases", params={"q": "2026-000002"}).body["items"]
    assert {each["id"] for each in found} == {one["id"], two["id"]}
    shown = cases.ask("get_case", two["id"]).body
    assert (shown["id"], shown["canonical_id"]) == (one["id"], one["id"])
    assert cases.ask("get_case", one["id"]).body["canonical_id"] is None
    assert _said(cases, two) == _said(cases, one)
    [(_, told)] = happened("case_merged")
    assert (told["case_id"], told["into_id"], told["into_number"]) == (two["id"], one["id"], "2026-000001")
    assert (told["reason"], told["entries"]) == ("Lo mismo", 0)
    assert not {"case_resolved", "case_closed", "case_created"} & {topic for topic, _ in happened()[-6:]}


def test_the_merge_stands_on_the_timeline_of_the_customer_of_the_one_that_ended(cases, nine):
    person = str(new_id())
    one, two = _case(cases), _case(cases, person_id=person)
    _merge(cases, one, two)

    [told] = [each for each in cases.told() if each.type == CaseMerged.type]
    assert (told.subject, [str(each) for each in told.concerns]) == (f"cases/{two['id']}", [person])


def test_absorbed_clocks_are_cancelled_as_merged_and_the_survivor_keeps_its_own(cases, nine, happened):
    one = _case(cases)
    nine.at(make.at("2026-03-02 10:00"))
    two = _case(cases)
    before = _clocks(cases, one)
    _merge(cases, one, two)

    states = {each["metric"]: (each["state"], each["cancelled_because"]) for each in _clocks(cases, two)}
    assert states == dict.fromkeys(("first_response", "resolution"), ("cancelled", "merged"))
    assert [each["due_at"] for each in _clocks(cases, one)] == [each["due_at"] for each in before]
    assert {data["because"] for _, data in happened("sla_cancelled")} == {"merged"}


def test_an_answer_is_owed_to_the_earliest_message_of_both_that_nobody_answered(cases, nine):
    one, two = _case(cases), _case(cases)
    for each in (one, two):
        cases.ask("reply_to_case", each["id"], data={"text": "Lo miramos"})
    _say(cases, two, "¿y bien?", "09:30", nine)
    _say(cases, one, "¿hola?", "10:00", nine)
    nine.at(make.at("2026-03-02 10:30"))
    merged = _merge(cases, one, two)

    assert merged["waiting_since"] == "2026-03-02T08:30:00Z"
    assert [(each["state"], each["due_at"], each["cancelled_because"]) for each in _next(cases, one)] == [
        ("cancelled", None, "merged"),
        ("running", "2026-03-02T10:30:00Z", None),
    ]


def test_a_case_that_waits_for_its_customer_goes_on_with_a_question_that_came_with_the_other(cases, nine):
    one, two = _case(cases), _case(cases)
    cases.ask("reply_to_case", one["id"], data={"text": "Lo miramos"})
    cases.ask("transition_case", one["id"], data={"transition": "wait-for-customer"})
    merged = _merge(cases, one, two)

    assert (merged["state"], merged["waiting_since"]) == ("in-progress", "2026-03-02T08:00:00Z")
    assert [(each["state"], each["due_at"]) for each in _next(cases, one)] == [("running", "2026-03-02T10:00:00Z")]


def test_what_was_merged_before_leads_to_the_last_one(cases, nine):
    one, two, three = _case(cases), _case(cases), _case(cases, description="Al principio")
    _merge(cases, two, three)
    merged = _merge(cases, one, two)

    assert [each["number"] for each in merged["absorbed"]] == ["2026-000003", "2026-000002"]
    assert cases.ask("get_case", three["id"]).body["id"] == one["id"]
    [entry] = cases.ask("list_case_entries", one["id"]).body["items"]
    assert (entry["text"], entry["moved_from_id"]) == ("Al principio", three["id"])


def test_nothing_is_done_in_a_case_that_was_merged(cases, nine):
    one, two, three = _case(cases), _case(cases), _case(cases)
    _merge(cases, one, two)

    for operation, data in (
        ("reply_to_case", {"text": "x"}),
        ("add_case_note", {"text": "x"}),
        ("add_case_message", {"text": "x"}),
        ("detect_need", {"need": "x"}),
        ("transition_case", {"transition": "start"}),
        ("assign_case", {"because": "x"}),
        ("escalate_case", {"because": "x"}),
        ("add_case_task", {"title": "x"}),
        ("split_case", {"entry_ids": [one["id"]], "subject": "x"}),
    ):
        assert cases.refused(operation, two["id"], data=data).slug == "case-is-merged", operation
    [row] = cases.ask("list_cases", params={"state": "merged"}).body["items"]
    changed = cases.refused("update_case", two["id"], data={"subject": "x"}, version=row["version"])
    assert changed.slug == "case-is-merged"
    assert cases.refused("send_survey", data={"case_id": two["id"]}).slug == "survey-is-not-due"
    actions = cases.ask("list_case_actions", two["id"]).body
    assert (actions["state"], actions["transitions"], actions["verbs"]) == ("merged", [], [])
    assert _refused(cases, three, two).slug == _refused(cases, two, three).slug == "case-is-merged"


def test_what_makes_no_sense_is_refused_and_changes_nothing(cases, nine):
    one, two = _case(cases), _case(cases)
    assert _refused(cases, one, one).slug == "case-into-itself"
    assert _refused(cases, one).params == {"field": "absorbed_ids"}
    assert _refused(cases, one, two, {"id": str(new_id())}).status == 404
    cases.ask("transition_case", one["id"], data={"transition": "resolve", "solution": "Hecho"})
    assert _refused(cases, one, two).slug == "survivor-is-over"
    assert {each["state"] for each in cases.ask("list_cases").body["items"]} == {"resolved", "new"}
    ids = {"absorbed_ids": [two["id"]]}
    assert cases.refused("merge_cases", one["id"], data=ids, version=1).status == 412
    cases.ask("transition_case", two["id"], data={"transition": "resolve", "solution": "Hecho"})
    assert _merge(cases, one, two)["category"] == "resolved"


def test_only_who_may_see_both_merges_them(cases, nine):
    ana, luis = (somebody(name, cases_write="own", cases_read="own") for name in ("Ana", "Luis"))
    mine, theirs = (cases.ask("create_case", data=make.case_data(), by=who).body for who in (ana, luis))
    ids = {"absorbed_ids": [theirs["id"]]}
    assert cases.refused("merge_cases", mine["id"], data=ids, by=ana).status == 404

    _merge(cases, mine, theirs)
    # Who may not see the survivor still sees what became of their own.
    shown = cases.ask("get_case", theirs["id"], by=luis).body
    assert (shown["id"], shown["state"], shown["merged_into_id"]) == (theirs["id"], "merged", mine["id"])


def test_two_who_merge_the_same_two_in_each_other_make_one_case(cases, nine):
    one, two = _case(cases), _case(cases)
    refused = []

    def merge(survivor, absorbed):
        try:
            _merge(cases, survivor, absorbed)
        except Refusal as refusal:
            refused.append(refusal.slug)

    threads = [threading.Thread(target=merge, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["case-is-merged"]
    assert len([each for each in cases.ask("list_cases").body["items"] if each["state"] == "merged"]) == 1


def test_a_mail_to_the_one_that_ended_is_filed_in_the_survivor(cases, nine):
    one, two = _case(cases), _case(cases)
    _merge(cases, one, two)
    cases.tell(
        MessageReceived(
            item_id=new_id(),
            about=f"cases/{two['id']}",
            case_id=uuid.UUID(two["id"]),
            case_number=two["number"],
            guess=None,
            reason=None,
            automatic=False,
            sender="ana@acme.example",
            sender_name="Ana",
            cc=[],
            subject="Re: router",
            text="Sigue igual",
            html=None,
            mail_message_id="<9@acme.example>",
            received_at=utc_now(),
            files=[],
        )
    )

    assert _said(cases, one) == ["Sigue igual"]


def test_a_split_takes_entries_into_a_new_linked_case_of_the_same_customer(cases, nine, happened):
    person = str(new_id())
    case = _case(cases, person_id=person, priority="high")
    cases.ask("reply_to_case", case["id"], data={"text": "Lo miramos"})
    _say(cases, case, "Sigue igual", "09:10", nine)
    other = _say(cases, case, "Y la factura está mal", "09:20", nine)
    data = {"entry_ids": [other["id"]], "subject": "Factura", "priority": "urgent"}
    nine.at(make.at("2026-03-02 09:30"))
    new = cases.ask("split_case", case["id"], data=data).body

    assert (new["number"], new["subject"], new["split_from_id"]) == ("2026-000002", "Factura", case["id"])
    assert (new["person_id"], new["contact_email"], new["priority"]) == (person, "ana@acme.example", "urgent")
    assert (_said(cases, case), _said(cases, new)) == (["Lo miramos", "Sigue igual"], ["Y la factura está mal"])
    assert new["waiting_since"] == "2026-03-02T08:20:00Z"
    assert {each["metric"]: each["state"] for each in new["sla"]} == dict.fromkeys(
        ("first_response", "resolution"), "running"
    )
    # The first of the two messages stayed, and the clock that waits for its answer.
    assert cases.ask("get_case", case["id"]).body["waiting_since"] == "2026-03-02T08:10:00Z"
    assert [each["state"] for each in _next(cases, case)] == ["running"]
    [(_, told)] = happened("case_split")
    assert (told["into_id"], told["into_number"], told["entries"]) == (new["id"], "2026-000002", 1)


def test_where_the_only_question_is_taken_out_nobody_waits_any_more(cases, nine):
    case = _case(cases)
    cases.ask("reply_to_case", case["id"], data={"text": "Lo miramos"})
    question = _say(cases, case, "Y la factura está mal", "09:20", nine)
    cases.ask("split_case", case["id"], data={"entry_ids": [question["id"]], "subject": "Factura"})

    assert cases.ask("get_case", case["id"]).body["waiting_since"] is None
    assert [(each["state"], each["cancelled_because"]) for each in _next(cases, case)] == [("cancelled", "split")]


def test_what_was_answered_before_the_split_is_owed_no_answer(cases, nine):
    case = _case(cases)
    question = _say(cases, case, "Y la factura está mal", "09:20", nine)
    answer = cases.ask("reply_to_case", case["id"], data={"text": "Corregida"}).body
    new = cases.ask("split_case", case["id"], data={"entry_ids": [question["id"], answer["id"]], "subject": "Factura"})

    assert new.body["waiting_since"] is None
    assert _said(cases, new.body) == ["Y la factura está mal", "Corregida"]


def test_a_split_of_what_is_not_there_is_refused(cases, nine):
    case, other = _case(cases), _case(cases)
    elsewhere = _say(cases, other, "otra cosa")
    for ids in ([], [elsewhere["id"]], [str(new_id())]):
        refused = cases.refused("split_case", case["id"], data={"entry_ids": ids, "subject": "x"})
        assert (refused.status, refused.params) == (422, {"field": "entry_ids"})
    assert len(cases.ask("list_cases").body["items"]) == 2


def test_a_split_into_another_type_demands_its_fields(cases, nine):
    fields = [{"name": "invoice", "label": make.name("Factura"), "required": True}]
    type_ = cases.ask("create_case_type", data=make.type_data("billing", fields=fields)).body
    case = _case(cases)
    entry = _say(cases, case, "La factura")
    data = {"entry_ids": [entry["id"]], "subject": "Factura", "type_id": type_["id"]}
    refused = cases.refused("split_case", case["id"], data=data)
    assert [each["pointer"] for each in refused.params["errors"]] == ["/fields/invoice"]

    assert cases.ask("split_case", case["id"], data={**data, "fields": {"invoice": "F-1"}}).body["fields"] == {
        "invoice": "F-1"
    }
