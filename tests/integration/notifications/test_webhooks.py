import base64
import hashlib
import hmac
import uuid
from collections import defaultdict
from datetime import timedelta

import pytest

from chassis.ids import new_id
from contracts.contacts import ContactCreated, ContactDeleted, ContactKind
from tests.kit.service import somebody


def created(name="Ana", contact=None):
    return ContactCreated(contact_id=contact or new_id(), kind=ContactKind.PERSON, display_name=name, links=[])


def deleted():
    return ContactDeleted(contact_id=new_id(), kind=ContactKind.PERSON, display_name="Ana")


@pytest.fixture
def webhook(notifications, receiver):
    """Subscribe the receiver to some events."""

    def subscribe(*events, **more):
        data = {"name": "Ledger", "url": receiver.url, "events": list(events or ["crm.#"]), **more}
        return notifications.ask("create_webhook", data=data, by=more.pop("by", None)).body

    return subscribe


def log(notifications, webhook):
    return notifications.ask("list_webhook_deliveries", webhook["id"], params={"sort": "created_at"}).body["items"]


def valid(post, secret):
    headers = {name.lower(): value for name, value in post["headers"].items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + post["body"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return expected in headers["webhook-signature"].split(" ")


def test_an_event_reaches_its_receiver_whole_and_signed(notifications, receiver, webhook):
    mine = webhook()
    envelope = notifications.tell(created())
    notifications.work()

    [post] = receiver.posts
    assert post["path"] == "/hook?of=trato"
    assert post["event"] == envelope.to_dict()
    assert {name.lower() for name in post["headers"]} >= {"webhook-id", "webhook-timestamp", "webhook-signature"}
    assert post["headers"]["webhook-id"] == str(envelope.id)
    assert valid(post, mine["secret"])
    [delivery] = log(notifications, mine)
    assert (delivery["state"], delivery["status"], delivery["attempts"]) == ("delivered", 200, 1)
    assert delivery["log"][0]["answer"] == "thank you"
    assert delivery["log"][0]["duration_ms"] >= 0


def test_the_secret_is_shown_once(notifications, webhook):
    mine = webhook()
    assert mine["secret"].startswith("whsec_")
    assert "secret" not in notifications.ask("get_webhook", mine["id"]).body
    with notifications.database.read() as session:
        stored = str(session.connection().exec_driver_sql("SELECT sealed_secret FROM webhooks").scalar())
    assert mine["secret"].removeprefix("whsec_") not in stored


def test_while_a_secret_is_replaced_deliveries_are_signed_by_both(notifications, receiver, webhook, noon):
    mine = webhook()
    renewed = notifications.ask("replace_webhook_secret", mine["id"]).body
    notifications.tell(created())
    notifications.work()
    noon.advance(timedelta(hours=25))
    notifications.tell(created())
    notifications.work()

    during, after = receiver.posts
    assert valid(during, mine["secret"])
    assert valid(during, renewed["secret"])
    assert not valid(after, mine["secret"])
    assert valid(after, renewed["secret"])


def test_only_what_was_asked_for_is_sent(notifications, receiver, webhook):
    ana = new_id()
    webhook("crm.contacts.contact_created.v1", filters=[{"member": "data.display_name", "values": ["Ana", "Eva"]}])
    for event in (created("Ana", ana), created("Luis"), deleted()):
        notifications.tell(event)
    notifications.work()

    assert [post["event"]["data"]["contact_id"] for post in receiver.posts] == [str(ana)]


def test_a_thin_webhook_sends_nothing_personal(notifications, receiver, webhook):
    webhook(content="thin")
    envelope = notifications.tell(created("Ana García"))
    notifications.work()

    [post] = receiver.posts
    assert b"Ana" not in post["body"]
    assert (post["event"]["subject"], post["event"]["id"]) == (envelope.subject, str(envelope.id))


def test_a_receiver_that_was_down_for_a_day_gets_everything_in_the_order_of_each_subject(
    notifications, receiver, webhook, noon
):
    mine = webhook()
    receiver.go_away()
    subjects = [f"people/{new_id()}" for _ in range(12)]
    sent = defaultdict(list)
    for hour in range(24):
        for number, subject in enumerate(subjects):
            if (hour + number) % 2:
                envelope = notifications.tell(created(f"{hour}"), subject=subject, sequence=hour + 1)
                sent[subject].append(str(envelope.id))
        notifications.work()
        noon.advance(timedelta(hours=1))
    assert notifications.ask("get_webhook", mine["id"]).body["failing_since"] is not None
    assert receiver.posts == []

    receiver.start()
    for _ in range(3):  # the next call is at most an hour away
        noon.advance(timedelta(minutes=30))
        notifications.work()

    got = defaultdict(list)
    for post in receiver.taken:
        got[post["event"]["subject"]].append(post["event"]["id"])
    assert got == sent
    assert sum(map(len, sent.values())) == 144
    healthy = notifications.ask("get_webhook", mine["id"]).body
    assert (healthy["failing_since"], healthy["failures"], healthy["status"]) == (None, 0, "active")


def test_while_a_receiver_is_down_it_is_called_now_and_then_only(notifications, receiver, webhook, noon):
    mine = webhook()
    receiver.status = 503
    for _ in range(40):
        notifications.tell(created())
    for _ in range(60):
        notifications.work()
        noon.advance(timedelta(minutes=1))

    assert len(receiver.posts) < 30
    assert notifications.ask("get_webhook", mine["id"]).body["status"] == "active"


def test_an_event_that_the_receiver_refuses_holds_only_its_own_subject(notifications, receiver, webhook, noon):
    webhook()
    poisoned, well = f"people/{new_id()}", f"people/{new_id()}"
    receiver.refuses.add(poisoned)
    for sequence in (1, 2, 3):
        notifications.tell(created(), subject=poisoned, sequence=sequence)
        notifications.tell(created(), subject=well, sequence=sequence)
    notifications.work()

    assert [post["event"]["sequence"] for post in receiver.taken] == [1, 2, 3]
    assert {post["event"]["sequence"] for post in receiver.posts if post["event"]["subject"] == poisoned} == {1}

    receiver.refuses.clear()
    noon.advance(timedelta(minutes=1))
    notifications.work()
    late = [post["event"]["sequence"] for post in receiver.taken if post["event"]["subject"] == poisoned]
    assert late == [1, 2, 3]


def test_after_days_of_refusals_an_event_is_given_up_and_the_next_goes(notifications, receiver, webhook, noon):
    mine = webhook()
    poisoned = f"people/{new_id()}"
    receiver.refuses.add(poisoned)
    notifications.tell(created(), subject=poisoned)
    for _ in range(48):
        notifications.tell(created())  # others are taken, so that it is not the receiver that is ill
        notifications.work()
        noon.advance(timedelta(hours=3))

    [given_up] = [each for each in log_of(notifications, mine, poisoned) if each["state"] == "failed"]
    assert given_up["attempts"] == 14
    assert notifications.ask("get_webhook", mine["id"]).body["status"] == "active"


def log_of(notifications, webhook, subject):
    return notifications.ask("list_webhook_deliveries", webhook["id"], params={"subject": subject}).body["items"]


def test_a_receiver_that_answers_410_is_called_no_more(notifications, receiver, webhook):
    mine = webhook("crm.contacts.#")
    receiver.status = 410
    for _ in range(3):
        notifications.tell(created())
    notifications.work()

    assert notifications.ask("get_webhook", mine["id"]).body["disabled_because"] == "gone"
    assert [event.data["because"] for event in notifications.told()] == ["gone"]
    calls = len(receiver.posts)
    notifications.tell(created())
    notifications.work()
    assert len(receiver.posts) == calls


def test_a_receiver_that_fails_for_days_is_switched_off_and_its_events_wait_for_it(
    notifications, receiver, webhook, noon
):
    mine = webhook("crm.contacts.#")
    receiver.go_away()
    notifications.tell(created())
    for _ in range(48):
        notifications.work()
        noon.advance(timedelta(hours=3))

    assert notifications.ask("get_webhook", mine["id"]).body["disabled_because"] == "failing"
    assert [event.type for event in notifications.told()] == ["crm.notifications.webhook_failed.v1"]
    receiver.start()
    assert notifications.refused("redeliver_webhook", mine["id"], data={"since": "2030-01-01T00:00:00Z"}).status == 409
    notifications.ask("enable_webhook", mine["id"])
    noon.advance(timedelta(minutes=2))
    notifications.work()
    assert len(receiver.taken) == 1


def test_the_receiver_says_when_it_wants_to_be_called_again(notifications, receiver, webhook, noon):
    webhook()
    receiver.status, receiver.retry_after = 429, "1800"
    notifications.tell(created())
    notifications.work()
    noon.advance(timedelta(minutes=29))
    notifications.work()
    assert len(receiver.posts) == 1
    noon.advance(timedelta(minutes=2))
    notifications.work()
    assert len(receiver.posts) == 2


def test_one_delivery_or_all_since_an_instant_are_sent_again_with_the_same_id(notifications, receiver, webhook, noon):
    mine = webhook("crm.contacts.#")
    for name in ("Ana", "Eva"):
        notifications.tell(created(name))
        notifications.work()
        noon.advance(timedelta(hours=1))
    first, second = log(notifications, mine)

    again = notifications.ask("redeliver_webhook", mine["id"], data={"delivery_id": first["id"]}).body
    notifications.work()
    since = notifications.ask("redeliver_webhook", mine["id"], data={"since": "2030-01-15T12:30:00Z"}).body
    notifications.work()

    assert (again, since) == ({"queued": 1}, {"queued": 1})
    ids = [post["headers"]["webhook-id"] for post in receiver.posts]
    assert ids == [first["event_id"], second["event_id"], first["event_id"], second["event_id"]]
    assert [event.type for event in notifications.told()] == ["crm.notifications.webhook_redelivered.v1"] * 2
    assert notifications.refused("redeliver_webhook", mine["id"], data={}).slug == "redeliver-what"


def test_events_from_before_a_webhook_was_made_can_be_sent_too(notifications, receiver, webhook, noon):
    notifications.tell(created())
    mine = webhook()
    notifications.ask("redeliver_webhook", mine["id"], data={"since": "2030-01-15T00:00:00Z"})
    notifications.work()
    assert len(receiver.taken) == 1


def test_the_same_event_told_again_is_not_delivered_again(notifications, receiver, webhook):
    webhook()
    envelope = notifications.tell(created())
    with notifications.database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM inbox")
    notifications.deliver(envelope)
    notifications.work()
    assert len(receiver.posts) == 1


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.9", "169.254.169.254", "0.0.0.0", "100.64.0.1", "[::1]",
     "[fd00::7]", "[fe80::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "224.0.0.1"],
)  # fmt: skip
def test_an_internal_address_is_refused_when_the_webhook_is_made(notifications, configured, host):
    configured(TRATO_WEBHOOK_NETWORKS="none")
    data = {"name": "Inside", "url": f"https://{host}/", "events": ["crm.#"]}
    assert notifications.refused("create_webhook", data=data).slug == "internal-address"


def test_an_address_that_became_internal_is_not_called(notifications, configured, receiver, webhook, noon):
    mine = webhook()
    configured(TRATO_WEBHOOK_NETWORKS="10.0.0.0/8")
    notifications.tell(created())
    notifications.work()
    assert receiver.posts == []
    assert "internal address" in log(notifications, mine)[0]["log"][0]["error"]


def test_slow_receivers_are_waited_for_side_by_side(notifications, receiver, webhook):
    webhook()
    receiver.seconds = 0.4
    for _ in range(8):
        notifications.tell(created())
    notifications.work()
    assert len(receiver.taken) == 8
    assert receiver.most_at_once > 1


def test_redirects_are_not_followed(notifications, receiver, webhook, noon):
    mine = webhook()
    receiver.status, receiver.location = 302, receiver.url
    notifications.tell(created())
    notifications.work()
    assert len(receiver.posts) == 1
    assert log(notifications, mine)[0]["status"] == 302


def test_without_an_exception_webhooks_are_called_by_https_only(notifications, configured):
    configured(TRATO_WEBHOOK_NETWORKS="none")
    data = {"name": "Plain", "url": "http://93.184.215.14/", "events": ["crm.#"]}
    assert notifications.refused("create_webhook", data=data).slug == "not-encrypted"


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"events": []}, "no-events-wanted"),
        ({"events": ["sales"]}, "not-an-event-pattern"),
        ({"filters": [{"member": "traceparent", "values": ["x"]}]}, "no-such-event-member"),
        ({"url": "http://user:pw@127.0.0.1/"}, "validation-failed"),
    ],
)
def test_a_webhook_that_makes_no_sense_is_refused(notifications, change, slug):
    data = {"name": "Ledger", "url": "http://127.0.0.1:9/", "events": ["crm.#"], **change}
    assert notifications.refused("create_webhook", data=data).slug == slug


def test_a_webhook_sends_only_what_its_maker_may_read(notifications, receiver):
    eva = somebody("Eva", webhooks_write="own", webhooks_read="own", events_read="own")
    blind = somebody("Luis", webhooks_write="own")
    data = {"name": "Mine", "url": receiver.url, "events": ["crm.#"]}
    notifications.ask("create_webhook", data=data, by=eva)
    notifications.tell(created("Hers"), owner=eva.user_id)
    notifications.tell(created("His"), owner=uuid.uuid4())
    notifications.work()

    assert [post["event"]["data"]["display_name"] for post in receiver.posts] == ["Hers"]
    assert notifications.refused("create_webhook", data=data, by=blind).slug == "events-out-of-reach"


def test_others_do_not_see_a_webhook(notifications, webhook):
    mine = webhook()
    eva = somebody("Eva", webhooks_read="own", webhooks_write="own", events_read="all")
    assert notifications.refused("get_webhook", mine["id"], by=eva).status == 404
    assert notifications.refused("list_webhook_deliveries", mine["id"], by=eva).status == 404
    again = {"since": "2030-01-01T00:00:00Z"}
    assert notifications.refused("redeliver_webhook", mine["id"], data=again, by=eva).status == 404


def test_the_history_is_read_on_from_the_last_event_that_was_seen(notifications):
    told = [notifications.tell(created(name)) for name in ("Ana", "Eva", "Luis")]
    first = notifications.ask("list_events", params={"limit": "2"}).body
    assert [event["id"] for event in first["items"]] == [str(each.id) for each in told[:2]]
    rest = notifications.ask("list_events", params={"after": str(told[1].id)}).body
    assert [event["data"]["display_name"] for event in rest["items"]] == ["Luis"]
    only = notifications.ask("list_events", params={"subject": told[0].subject, "type": told[0].type}).body
    assert [event["id"] for event in only["items"]] == [str(told[0].id)]


def test_the_history_shows_whose_records_one_may_see(notifications):
    eva = somebody("Eva", events_read="own")
    notifications.tell(created("Hers"), owner=eva.user_id)
    notifications.tell(created("Nobody's"))
    items = notifications.ask("list_events", by=eva).body["items"]
    assert [event["data"]["display_name"] for event in items] == ["Hers"]
