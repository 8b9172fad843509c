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


def wait_for(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def seen(stack):
    """The ids of all contacts' births that the history has; other tests may have left many."""
    found, cursor = set(), ""
    while True:
        path = f"/v1/events?type=crm.contacts.contact_created.v1&limit=200{cursor}"
        page = stack.call("GET", path).body
        found |= {event["id"] for event in page["items"]}
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def test_what_happens_reaches_a_receiver_outside_in_moments(stack, receiver):
    data = {"name": "Ledger", "url": receiver.url, "events": ["crm.contacts.contact_created.v1"]}
    webhook = stack.call("POST", "/v1/webhooks", data)
    assert webhook.status == 201, webhook
    took, people = [], set()
    for number in range(1, 21):
        person = make.person_data()
        person["emails"][0]["address"] = f"leaving{number}@acme.example"
        began = time.monotonic()
        made = stack.call("POST", "/v1/people", {**person, "allow_duplicate": True})
        assert made.status == 201, made
        people.add(f"people/{made.body['id']}")
        wait_for(lambda: people <= {post["event"]["subject"] for post in receiver.posts})
        took.append(time.monotonic() - began)
    ours = {post["event"]["id"] for post in receiver.posts if post["event"]["subject"] in people}
    assert len(ours) == 20
    # What was received is noted as delivered when its answer has come back.
    log = f"/v1/webhooks/{webhook.body['id']}/deliveries?state=delivered&limit=200"
    wait_for(lambda: ours <= {delivery["event_id"] for delivery in stack.call("GET", log).body["items"]})
    print(f"request sent to event received outside: median {statistics.median(took) * 1000:.0f} ms")

    assert {post["event"]["id"] for post in receiver.posts} <= seen(stack)
    assert stack.call("DELETE", f"/v1/webhooks/{webhook.body['id']}").status == 204
