"""Satisfaction: asked once the case is solved, answered behind a link, and looking is not answering."""

import pytest

from tests.factories import cases as make
from tests.kit.service import somebody

NOBODY = somebody().__class__(kind="anonymous")
STRANGER = "0190f3a0-0000-7000-8000-000000000002"
PERSON = "0190f3a0-0000-7000-8000-000000000001"


@pytest.fixture
def solved(cases, standard, workflow, clock):
    """A case of a person, resolved on Monday at ten."""
    made = cases.ask("create_case", data=make.case_data(person_id=PERSON)).body
    clock.at(make.at("2026-03-02 10:00"))
    return cases.ask("transition_case", made["id"], data={"transition": "resolve", "solution": "Hecho"}).body


@pytest.fixture
def link(cases, solved, clock, fire, happened):
    """The token that was sent, two working hours later."""
    clock.at(make.at("2026-03-02 12:00"))
    fire()
    [(_, sent)] = happened("survey_sent")
    return sent["token"]


def _answer(cases, link, **data):
    return cases.ask("answer_survey", link, data=data, by=NOBODY).body


def test_it_is_sent_two_working_hours_after_the_case_was_resolved(cases, solved, clock, fire, happened):
    clock.at(make.at("2026-03-02 11:59"))
    fire()
    assert happened("survey_sent") == []

    clock.at(make.at("2026-03-02 12:00"))
    fire()
    [(_, sent)] = happened("survey_sent")
    assert (sent["number"], sent["recipients"], sent["round"]) == (solved["number"], ["ana@acme.example"], 1)


def test_a_case_that_was_reopened_meanwhile_is_not_asked_about(cases, solved, clock, fire, happened):
    cases.ask("transition_case", solved["id"], data={"transition": "reopen"})
    clock.at(make.at("2026-03-02 17:00"))
    fire()

    assert happened("survey_sent") == []


def test_looking_records_nothing_and_answering_does(cases, link, happened):
    assert cases.ask("open_survey", link, by=NOBODY).body["score"] is None
    assert happened("survey_answered") == []

    _answer(cases, link, score=5, comment="Rápidos")

    [(_, told)] = happened("survey_answered")
    assert (told["score"], told["low"], told["person_id"]) == (5, False, PERSON)
    assert cases.ask("survey_results").body == {
        "sent": 1,
        "answered": 1,
        "satisfied": 1,
        "response_percent": 100,
        "satisfaction_percent": 100,
    }
    assert cases.ask("survey_results", params={"contact_id": PERSON}).body["answered"] == 1
    nobody = cases.ask("survey_results", params={"contact_id": STRANGER}).body
    assert (nobody["sent"], nobody["satisfaction_percent"]) == (0, None)
    assert len(cases.ask("list_cases", params={"contact_id": PERSON}).body["items"]) == 1


def test_who_thinks_better_of_it_counts_with_the_last_answer_and_all_are_kept(cases, link):
    _answer(cases, link, score=2)
    _answer(cases, link, score=4)

    [survey] = cases.ask("list_surveys", params={"person_id": PERSON}).body["items"]
    assert (survey["score"], [each["score"] for each in survey["answers"]]) == (4, [2, 4])


def test_the_same_answer_sent_again_is_one_answer(cases, link, happened):
    first = _answer(cases, link, score=4, comment="Bien")
    assert _answer(cases, link, score=4, comment="Bien") == first
    assert len(happened("survey_answered")) == 1

    _answer(cases, link, score=4)
    _answer(cases, link, score=4, comment="Bien")
    assert len(happened("survey_answered")) == 3


def test_a_low_score_is_a_task(cases, solved, link, happened):
    _answer(cases, link, score=1, comment="Mal")
    _answer(cases, link, score=2)

    tasks = cases.ask("list_case_tasks", solved["id"]).body
    assert [task["description"] for task in tasks] == ["Mal"]
    assert happened("survey_answered")[0][1]["low"]


def test_a_link_expires_and_an_unknown_one_was_never_there(cases, link, clock):
    clock.at(make.at("2026-04-10 12:00"))

    assert cases.refused("answer_survey", link, data={"score": 5}, by=NOBODY).slug == "survey-has-expired"
    assert cases.refused("open_survey", "unknown", by=NOBODY).status == 404
    assert cases.refused("answer_survey", link, data={"score": 6}, by=NOBODY).status == 422


def test_nobody_is_asked_twice_in_a_week_and_a_reopened_case_gets_a_second_round(cases, solved, link, clock, fire):
    other = cases.ask("create_case", data=make.case_data(person_id=PERSON)).body
    for case, transition in ((other, "resolve"), (solved, "reopen"), (solved, "resolve")):
        cases.ask("transition_case", case["id"], data={"transition": transition, "solution": "Hecho"})
    clock.at(make.at("2026-03-03 12:00"))
    fire()

    surveys = cases.ask("list_surveys").body["items"]
    assert sorted((each["number"], each["round"]) for each in surveys) == [("2026-000001", 1), ("2026-000001", 2)]
