"""What leaves the running suite: by real processes, over the real broker, to a receiver and a mail server outside."""

import statistics
import time

import pytest

from tests.factories import contacts as make
from tests.integration.notifications.receiver import Receiver

pytestmark = [pytest.mark.broker]


@pytest.fixture
def receiver():
    found = Receiver().start()
    yield found
    found.stop()


def wait_for(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def test_what_happens_reaches_a_receiver_outside_in_moments(stack, receiver):
    data = {"name": "Ledger", "url": receiver.url, "events": ["crm.contacts.contact_created.v1"]}
    webhook = stack.call("POST", "/v1/webhooks", data)
    assert webhook.status == 201, webhook
    took = []
    for number in range(1, 21):
        person = make.person_data()
        person["emails"][0]["address"] = f"leaving{number}@acme.example"
        began = time.monotonic()
        made = stack.call("POST", "/v1/people", {**person, "allow_duplicate": True})
        assert made.status == 201, made
        wait_for(lambda wanted=number: len(receiver.posts) >= wanted)
        took.append(time.monotonic() - began)
    log = stack.call("GET", f"/v1/webhooks/{webhook.body['id']}/deliveries?state=delivered").body["items"]
    assert len({delivery["event_id"] for delivery in log}) == 20
    print(f"request sent to event received outside: median {statistics.median(took) * 1000:.0f} ms")

    seen = stack.call("GET", "/v1/events?type=crm.contacts.contact_created.v1&limit=200").body["items"]
    assert {post["event"]["id"] for post in receiver.posts} <= {event["id"] for event in seen}
    assert stack.call("DELETE", f"/v1/webhooks/{webhook.body['id']}").status == 204
