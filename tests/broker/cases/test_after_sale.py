"""Winning through the whole suite: the project, the case after the sale, the notice and the timeline, cases killed."""

import time

import pytest

from tests.kit.stack import PATIENT, Stack

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    made = Stack(tmp_path_factory.mktemp("stack"), settings=PATIENT)
    try:
        yield made.up()
    finally:
        made.stop()


def made(stack, path, body=None, **how):
    answer = stack.call("POST", path, body or {}, timeout=60, **how)
    assert answer.status in {200, 201}, answer
    return answer.body


def read(stack, path, **how):
    answer = stack.call("GET", path, timeout=60, **how)
    assert answer.status == 200, answer
    return answer.body


def found(stack, path, **how):
    return read(stack, path, **how)["items"]


def eventually(ask, seconds=120):
    """Return the first answer that says yes."""
    end = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < end:
        time.sleep(0.2)
    assert answer
    return answer


def test_a_sale_won_while_cases_is_dead_opens_project_and_case_once_and_tells_its_seller(stack):
    seller = stack.new_token("ana")
    person = made(stack, "/v1/people", {"first_name": "Ana", "last_name": "García"})["id"]
    deal = made(stack, "/v1/opportunities", {"name": "Fibra", "person_id": person}, token=seller)["id"]
    stack.kill("cases")
    try:
        made(stack, f"/v1/opportunities/{deal}/win", token=seller)
        made(stack, f"/v1/opportunities/{deal}/reopen", token=seller)
        made(stack, f"/v1/opportunities/{deal}/win", token=seller)
    finally:
        stack.start("cases")

    [project] = eventually(lambda: found(stack, f"/v1/projects?opportunity_id={deal}"))
    [case] = eventually(lambda: found(stack, f"/v1/cases?project_id={project['id']}"))
    assert (project["name"], project["person_id"], case["person_id"]) == ("Fibra", person, person)
    assert project["owner_id"] == case["responsible_id"]
    assert [task["title"] for task in read(stack, f"/v1/cases/{case['id']}")["tasks"]] == ["Llamada de bienvenida"]

    def notices():
        return {each["subject"] for each in found(stack, "/v1/messages?channel=in_app", token=seller)}

    eventually(lambda: notices() >= {"Oportunidad ganada: Fibra", "Proyecto nuevo a su cargo: Fibra"})

    def lines():
        return [each["type"] for each in found(stack, f"/v1/people/{person}/timeline?limit=200")]

    eventually(lambda: {"crm.cases.project_created.v1", "crm.cases.case_created.v1"} <= set(lines()))
    assert lines().count("crm.cases.project_created.v1") == lines().count("crm.cases.case_created.v1") == 1
    page = read(stack, f"/v1/customers/{person}")
    assert [each["id"] for each in page["projects"]["data"]["items"]] == [project["id"]]
    hits = read(stack, "/v1/search?q=fibra&kinds=projects")["results"]["projects"]
    assert [each["id"] for each in hits["data"]["items"]] == [project["id"]]
