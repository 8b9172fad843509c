"""What a subscriber's credentials cannot do, tried with plain pika: everything but reading events."""

import json
from dataclasses import replace
from urllib.parse import unquote

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from tests.broker.sdk.conftest import SERVICES, USER
from tests.kit.stack import ROOT
from tests.kit.subscribers import ErlangAdministration, new_subscriber
from tools import broker_rights

pytestmark = [pytest.mark.broker]


@pytest.fixture
def channel(subscriber_url):
    with pika.BlockingConnection(pika.URLParameters(subscriber_url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        yield channel


FORBIDDEN = {
    "publish an event": lambda channel: channel.basic_publish("crm.events", "crm.sales.lead_qualified.v1", b"{}"),
    "publish into a service's queue": lambda channel: channel.basic_publish("", "contacts.events", b"{}"),
    "call a service": lambda channel: channel.basic_publish("nameko-rpc", "contacts.create_person", b"{}"),
    "call a service by its queue": lambda channel: channel.basic_publish("", "rpc-contacts", b"{}"),
    "publish into the history": lambda channel: channel.basic_publish("", "crm.events.history", b"{}"),
    "delay something into another queue": lambda channel: channel.basic_publish("retry.1s", "contacts.events", b"{}"),
    "read a service's events": lambda channel: channel.basic_get("contacts.events"),
    "consume a service's events": lambda channel: channel.basic_consume("contacts.events", lambda *_: None),
    "read a service's calls": lambda channel: channel.basic_get("rpc-contacts"),
    "read what a service parked": lambda channel: channel.basic_get("contacts.parked"),
    "empty a service's queue": lambda channel: channel.queue_purge("contacts.events"),
    "delete a service's queue": lambda channel: channel.queue_delete("contacts.events"),
    "delete the history": lambda channel: channel.queue_delete("crm.events.history"),
    "delete the events' exchange": lambda channel: channel.exchange_delete("crm.events"),
    "make a queue that is not its own": lambda channel: channel.queue_declare("sales.more", durable=True),
    "make an exchange that is not its own": lambda channel: channel.exchange_declare("crm.more", "topic"),
    "bind a service's queue": lambda channel: channel.queue_bind("contacts.events", "crm.events", "crm.#"),
    "unbind a service's queue": lambda channel: channel.queue_unbind("contacts.events", "crm.events", "crm.contacts.#"),
    "hear calls": lambda channel: channel.queue_bind(
        channel.queue_declare(f"{USER}.spy", exclusive=True).method.queue, "nameko-rpc", "#"
    ),
    "lead its exchange into a service's queue": lambda channel: (
        channel.exchange_declare(f"{USER}.way", "fanout"),
        channel.queue_bind("contacts.events", f"{USER}.way", ""),
    ),
    "lead its exchange into the events": lambda channel: (
        channel.exchange_declare(f"{USER}.way", "fanout"),
        channel.exchange_bind("crm.events", f"{USER}.way", ""),
    ),
    "send dead letters to a service": lambda channel: channel.queue_declare(
        f"{USER}.dead",
        exclusive=True,
        arguments={"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "rpc-contacts"},
    ),
    "send what is unroutable to the events": lambda channel: channel.exchange_declare(
        f"{USER}.other", "direct", arguments={"alternate-exchange": "crm.events"}
    ),
}


@pytest.mark.parametrize("attempt", FORBIDDEN, ids=lambda name: name.replace(" ", "_"))
def test_a_subscriber_cannot(channel, attempt):
    with pytest.raises(ChannelClosedByBroker) as caught:
        FORBIDDEN[attempt](channel)
    assert caught.value.reply_code == 403


def test_a_subscriber_cannot_empty_the_history(channel, teller):
    teller.tell(2)
    with pytest.raises((ChannelClosedByBroker, pika.exceptions.ConnectionClosedByBroker)):
        channel.queue_purge("crm.events.history")


def test_a_subscriber_can_do_what_the_command_checks(department, subscriber_url, suite_url):
    assert [each["ok"] for each in department.command("check")] == [True] * 6
    department.url = suite_url
    found = {each.split('"')[3]: "true" in each for each in department.command("check", code=1).stdout.splitlines()}
    assert found == {
        "connect": True,
        "events": True,
        "history": True,
        "publish": False,
        "others": False,
        "subscription": True,
    }


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (("configure", "crm.+"), "It may make queues that are not its own"),
        (("write", r"amq\.default"), "It may publish into any queue"),
        (("write", "nameko-rpc"), "It may call services"),
        (("read", ".+"), "It may read queues that are not its own"),
    ],
)
def test_a_right_too_many_is_said(department, rabbitmq, suite_url, right, said):
    kind, more = right
    rights = broker_rights.rights_of_subscriber("curious")
    department.url = new_subscriber(rabbitmq, suite_url, "curious")
    department.name = "curious"
    vhost = unquote(suite_url.rpartition("/")[2])
    broker = ErlangAdministration(rabbitmq, vhost)
    broker.grant("curious", replace(rights, **{kind: f"{getattr(rights, kind)}|^{more}$"}))

    answer = department.command("check", code=1).stdout

    broker.remove_user("curious")
    [found] = [each for each in map(json.loads, answer.splitlines()) if not each["ok"]]
    assert found["check"] == "others"
    assert said in found["said"]


@pytest.mark.parametrize("name", ["contacts", "gateway", "crm", "retry", "amq", "Billing", "a.b", "-a", "", "a" * 40])
def test_no_subscriber_is_called_like_a_part_of_the_suite(name):
    assert not broker_rights.may_name_a_subscriber(name, SERVICES)


def test_the_lines_of_the_page_give_the_very_rights():
    page = (ROOT / "docs/how-to/subscribe.md").read_text(encoding="utf-8")
    rights = broker_rights.rights_of_subscriber("billing")
    assert f"billing '{rights.configure}' '{rights.write}' '{rights.read}'" in page
    assert f"billing crm.events '{rights.publishes}' '.*'" in page
