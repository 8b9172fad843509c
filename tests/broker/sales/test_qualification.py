"""Qualifying through the whole suite: real processes, real databases, fifty callers at once, contacts killed."""

import threading
import time

import pytest

from tests.kit.stack import PATIENT, Stack

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stack(request, tmp_path_factory):
    made = Stack(tmp_path_factory.mktemp("stack"), database=request.param, settings=PATIENT)
    try:
        yield made.up()
    finally:
        made.stop()


def made(stack, path, body):
    answer = stack.call("POST", path, body, timeout=60)
    assert answer.status in {200, 201}, answer
    return answer.body


def read(stack, path):
    answer = stack.call("GET", path, timeout=60)
    assert answer.status == 200, answer
    return answer.body


@pytest.fixture(scope="module")
def ana(stack):
    interest = made(stack, "/v1/interests", {"slug": "fibra", "name": "Fibra"})
    person = made(stack, "/v1/people", {"first_name": "Ana", "last_name": "García"})
    touch = {"person_id": person["id"], "channel": "email", "direction": "inbound", "summary": "Quiere fibra"}
    made(stack, "/v1/interactions", touch)
    return {"person_id": person["id"], "interests": [interest["id"]]}


def lead(stack, ana):
    return made(stack, "/v1/leads", {"title": "Fibra para todos", **ana})["id"]


def deals(stack, lead_id):
    found = read(stack, f"/v1/opportunities?source_lead_id={lead_id}")["items"]
    return [each["id"] for each in found]


def test_fifty_callers_at_once_get_one_opportunity_and_the_same_answer(stack, ana):
    id_ = lead(stack, ana)
    answers = []

    def qualify():
        answers.append(stack.call("POST", f"/v1/leads/{id_}/qualify", {}, timeout=60))

    callers = [threading.Thread(target=qualify) for _ in range(50)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert {answer.status for answer in answers} == {200}
    assert len(answers) == 50
    assert all(answer.body == answers[0].body for answer in answers)
    assert deals(stack, id_) == [answers[0].body["opportunity_id"]]


def test_with_contacts_killed_a_qualification_waits_and_completes_when_it_is_back(stack, ana):
    id_ = lead(stack, ana)
    stack.kill("contacts")
    try:
        answer = stack.call("POST", f"/v1/leads/{id_}/qualify", {}, timeout=60)
        assert (answer.status, answer.body["state"]) == (200, "qualifying")
        assert deals(stack, id_) == []
    finally:
        stack.start("contacts")
    end = time.monotonic() + 120
    while time.monotonic() < end and read(stack, f"/v1/leads/{id_}")["state"] != "qualified":
        time.sleep(0.5)
    assert deals(stack, id_) == [read(stack, f"/v1/leads/{id_}")["opportunity_id"]]
