"""What goes by itself goes seldom to one address: two programs that answer each other come to rest."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.clock import utc_now
from chassis.db.database import Database
from chassis.ids import new_id
from chassis.ops.system_work import SystemWork
from contracts.administration import ParameterChanged, UserCreated
from services.notifications.commands import sending
from services.notifications.domain.message import Message
from services.notifications.handlers.parameters import forget_allowances
from services.notifications.queries import messages
from tests.integration.notifications.test_mails_out import case_replied, mail


@pytest.fixture
def send(notifications):
    """Have a mail sent that no person wrote, and return what became of it."""

    def go(to="ana@acme.example", **more):
        message = notifications.ask("send_message", data=mail(to=[to], automatic=True, **more)).body
        notifications.work()
        return notifications.ask("get_message", message["id"]).body

    return go


def allow(notifications, value):
    notifications.tell(ParameterChanged(key="mail.automatic_replies_per_hour", value=value, old=1))


def test_an_address_gets_one_automatic_mail_an_hour_and_what_is_held_back_says_why(
    notifications, mail_server, noon, send
):
    assert send()["state"] == "sent"
    held = send()
    assert (held["state"], held["refused_by"]) == ("refused", "automatic-limit")
    assert [(each["address"], each["code"]) for each in held["problems"]] == [("ana@acme.example", "automatic-limit")]
    assert [event.data["rule"] for event in notifications.told() if "refused" in event.type] == ["automatic-limit"]
    listed = notifications.ask("list_messages", params={"refused_by": "automatic-limit"}).body["items"]
    assert [each["id"] for each in listed] == [held["id"]]

    assert send("luis@acme.example")["state"] == "sent", "another address has an hour of its own"
    assert send("Ana+robot@acme.example")["state"] == "refused", "the mailbox is the same"
    noon.advance(timedelta(minutes=61))
    assert send()["state"] == "sent"
    assert len(mail_server.mails) == 3


def test_what_a_person_writes_is_not_limited(notifications, mail_server, send):
    send()
    for _ in range(5):
        notifications.ask("send_message", data=mail())
    notifications.deliver(case_replied())
    notifications.work()
    assert len(mail_server.mails) == 7


@pytest.mark.parametrize(("allowed", "sent"), [(0, 0), (3, 3)])
def test_the_installation_says_how_many(notifications, mail_server, send, allowed, sent):
    allow(notifications, allowed)
    states = [send()["state"] for _ in range(5)]
    assert states.count("sent") == len(mail_server.mails) == sent


def test_an_automatic_answer_in_a_case_is_one(notifications, mail_server):
    case = str(new_id())
    for _ in range(3):
        notifications.deliver(case_replied(case_id=case, automatic=True))
    notifications.work()
    assert len(mail_server.mails) == 1


def test_those_in_copy_who_got_one_are_left_out(notifications, mail_server, send):
    send("luis@acme.example")
    sent = send(cc=["luis@acme.example"])
    assert (sent["state"], [each["code"] for each in sent["problems"]]) == ("sent", ["automatic-limit"])
    assert mail_server.mails[-1][0]["to"] == ["ana@acme.example"]
    assert mail_server.mails[-1][1]["Cc"] is None


def test_surveys_wait_for_their_hour_and_then_go(notifications, mail_server, noon):
    for number in range(3):
        asked = case_replied(number=f"CAS-2030-00000{number}", mail_token=None, token="s3cret")
        notifications.deliver(replace(asked, type="crm.cases.survey_sent.v1"))
    notifications.work()
    assert len(mail_server.mails) == 1
    assert [each["state"] for each in notifications.ask("list_messages").body["items"]].count("queued") == 2
    for expected in (2, 3, 3):
        noon.advance(timedelta(minutes=61))
        notifications.work()
        assert len(mail_server.mails) == expected


def test_to_be_tried_again_is_no_second_mail(notifications, mail_server, noon, send):
    mail_server.go_away()
    assert send()["state"] == "queued"
    mail_server.start()
    noon.advance(timedelta(minutes=2))
    notifications.work()
    assert len(mail_server.mails) == 1
    assert send()["state"] == "refused", "the one that went late counts from when it was let go"


def test_of_many_that_several_processes_send_at_once_one_goes(notifications):
    for _ in range(12):
        notifications.ask("send_message", data=mail(automatic=True))
    work = SystemWork("notifications", notifications.database, notifications.database.metadata, "test")
    gone, all_ready = [], threading.Barrier(4)

    def claim():
        all_ready.wait()
        with work.writing() as uow:
            gone.extend(sending.ready(uow, messages.take_mails(uow, 3, timedelta(minutes=1))))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(gone) == 1
    states = [each["state"] for each in notifications.ask("list_messages").body["items"]]
    assert sorted(states) == ["queued"] + ["refused"] * 11


def test_the_limit_is_in_the_database_and_is_forgotten_after_a_day(notifications, mail_server, noon, send):
    send()
    restarted = Database(str(notifications.database.engine.url.render_as_string(hide_password=False)))
    work = SystemWork("notifications", restarted, notifications.database.metadata, "test")
    with work.writing() as uow:
        uow.session.add(queued := Message(to=["ana@acme.example"], subject="x", text="x", automatic=True))
        queued.queue(utc_now(), "trato.example")
        uow.session.flush()
        assert sending.ready(uow, [queued]) == []
        forget_allowances(uow)
        assert _remembered(uow) == 1
    noon.advance(timedelta(hours=26))
    with work.writing() as uow:
        forget_allowances(uow)
        assert _remembered(uow) == 0
    restarted.dispose()


def _remembered(uow):
    return uow.session.connection().exec_driver_sql("SELECT count(*) FROM mail_allowances").scalar()


@pytest.fixture
def colleague(notifications):
    """Ana, who is told by mail whatever happens to mails."""
    ana = new_id()
    card = {"user_id": ana, "username": "ana", "name": "Ana", "locale": "es", "time_zone": "Europe/Madrid"}

    def with_address(address):
        notifications.tell(UserCreated(**card, email=address, group_id=None, group_ids=[], role_ids=[]))
        both = {"es": "{{ type }}", "en": "{{ type }}"}
        events = ["crm.notifications.message_received.v1", "crm.notifications.message_refused.v1"]
        told = {"recipients": [{"role": "user", "id": str(ana)}], "channels": ["email"]}
        notifications.ask(
            "create_notification_rule", data={"name": "Mails", "events": events, "subject": both, "text": both, **told}
        )

    return with_address


def test_a_notice_that_cannot_be_delivered_is_not_told_of_by_mail(notifications, mail_server, colleague):
    colleague("nobody@trato.example")
    notifications.ask("send_message", data=mail(subject="This will never do"))
    for _ in range(5):
        notifications.work()
        notifications.hear_itself()
    assert len(notifications.ask("list_messages").body["items"]) == 2
