"""Merging through the whole suite: real processes, real databases, sales killed meanwhile."""

import time

import pytest

from tests.factories import contacts as make
from tests.kit.stack import PATIENT, Stack

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stack(request, tmp_path_factory):
    running = Stack(tmp_path_factory.mktemp("stack"), database=request.param, settings=PATIENT)
    try:
        yield running.up()
    finally:
        running.stop()


def done(stack, path, body, method="POST"):
    answer = stack.call(method, path, body, timeout=60)
    assert answer.status in {200, 201}, answer
    return answer.body


def read(stack, path):
    return done(stack, path, None, "GET")


def wait_for(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def test_everything_follows_the_survivor_and_goes_back(stack):
    ana, twin = (done(stack, "/v1/people", make.person_data(first_name=name)) for name in ("Ana", "Ana María"))
    deal = done(stack, "/v1/opportunities", {"name": "Torno", "person_id": twin["id"]})
    case = {"subject": "No gira", "channel": "phone", "person_id": twin["id"]}
    before = done(stack, "/v1/cases", case)
    wait_for(lambda: len(read(stack, f"/v1/people/{twin['id']}/timeline")["items"]) >= 3)
    lines = read(stack, f"/v1/people/{twin['id']}/timeline")["items"]
    messages = read(stack, "/v1/messages")["items"]
    held = read(stack, f"/v1/customers/{twin['id']}/holdings")
    assert (held["sales"]["data"], held["cases"]["data"]) == ({"opportunities": 1}, {"cases": 1})

    stack.kill("sales")
    merge = done(stack, f"/v1/people/{ana['id']}/merge", {"absorbed_ids": [twin["id"]], "reason": "Es la misma"})

    def waiting_for():
        return read(stack, f"/v1/people/{ana['id']}/merges")[0]["waiting_for"]

    wait_for(lambda: waiting_for() == ["sales"])
    after = done(stack, "/v1/cases", case)
    assert after["person_id"] == ana["id"]
    stack.start("sales")
    wait_for(lambda: waiting_for() == [])
    assert read(stack, f"/v1/opportunities/{deal['id']}")["person_id"] == ana["id"]

    answer = stack.call("GET", f"/v1/people/{twin['id']}", timeout=60)
    assert (answer.body["id"], answer.body["canonical_id"]) == (ana["id"], ana["id"])
    assert answer.headers["content-location"] == f"/v1/people/{ana['id']}"
    page = stack.call("GET", f"/v1/customers/{twin['id']}", timeout=60)
    assert page.headers["content-location"] == f"/v1/customers/{ana['id']}"
    assert (page.body["id"], page.body["canonical_id"]) == (ana["id"], ana["id"])
    assert {each["id"] for each in page.body["cases"]["data"]["items"]} == {before["id"], after["id"]}
    assert [each["id"] for each in page.body["opportunities"]["data"]["items"]] == [deal["id"]]
    shown = {each["event_id"] for each in page.body["timeline"]["data"]["items"]}
    assert {each["event_id"] for each in lines} <= shown
    assert read(stack, "/v1/messages")["items"] == messages

    undone = done(stack, f"/v1/people/{twin['id']}/unmerge", {"merge_id": merge["id"]})
    assert undone["undone_at"]
    wait_for(lambda: waiting_for() == [])
    assert read(stack, f"/v1/opportunities/{deal['id']}")["person_id"] == twin["id"]
    assert read(stack, f"/v1/cases/{before['id']}")["person_id"] == twin["id"]
    assert read(stack, f"/v1/people/{twin['id']}")["first_name"] == "Ana María"
    own = read(stack, f"/v1/people/{twin['id']}/timeline")["items"]
    assert {each["id"] for each in lines} <= {each["id"] for each in own}
    assert read(stack, "/v1/messages")["items"] == messages
