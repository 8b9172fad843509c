import uuid
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import orjson
import pytest

from chassis import blobs, settings
from chassis.calls import ServiceDown, answered_by
from chassis.clock import utc_now
from chassis.envelope import Envelope
from chassis.ids import new_id
from tests.integration.notifications.mail_server import MailServer
from tests.kit.service import somebody


def mail(**overrides):
    return {"to": ["ana@acme.example"], "subject": "Su factura", "text": "Buenos días.", **overrides}


def case_replied(**overrides):
    data = {
        "case_id": str(new_id()),
        "number": "CAS-2030-000001",
        "subject": "La factura no llega",
        "text": "Se la enviamos de nuevo.",
        "recipients": ["ana@acme.example"],
        "mail_token": "0123456789abcdef",
        **overrides,
    }
    return Envelope(
        id=new_id(),
        source="/crm/cases",
        type="crm.cases.case_replied.v1",
        subject=f"cases/{data['case_id']}",
        time=utc_now(),
        sequence=1,
        data=data,
    )


def kinds(service):
    return [event.type.split(".")[2] for event in service.told()]


def test_a_mail_is_handed_over_with_the_marks_of_an_automatic_one(notifications, mail_server):
    data = mail(cc=["luis@acme.example"], html="<p>Buenos días.</p>")
    message = notifications.ask("send_message", data=data).body
    notifications.work()

    [(envelope, got)] = mail_server.mails
    assert envelope["to"] == ["ana@acme.example", "luis@acme.example"]
    assert envelope["from"] == f"soporte+b{uuid.UUID(message['id']).hex}@trato.example"
    assert (got["From"], got["Subject"]) == ("Soporte <soporte@trato.example>", "Su factura")
    assert (got["Auto-Submitted"], got["Message-ID"]) == ("auto-generated", message["message_id"])
    assert got["X-Trato-Loop"]
    assert got.get_body(("plain",)).get_content().strip() == "Buenos días."
    assert "<p>Buenos días.</p>" in got.get_body(("html",)).get_content()
    assert notifications.ask("get_message", message["id"]).body["state"] == "sent"
    assert kinds(notifications) == ["message_queued", "message_sent"]


def test_a_mail_server_that_is_away_is_asked_again_and_the_mail_goes_once(notifications, mail_server, noon):
    message = notifications.ask("send_message", data=mail()).body
    mail_server.go_away()
    for _ in range(5):
        notifications.work()
        noon.advance(timedelta(minutes=10))
    waiting = notifications.ask("get_message", message["id"]).body
    assert waiting["state"] == "queued"
    assert waiting["attempts"] >= 3
    assert "refused" in waiting["last_error"].lower()

    mail_server.start()
    noon.advance(timedelta(hours=1))
    notifications.work()
    notifications.work()
    assert len(mail_server.mails) == 1


def test_what_is_refused_for_now_is_tried_for_days_and_then_given_up(notifications, mail_server, noon):
    message = notifications.ask("send_message", data=mail(subject="Try later")).body
    for _ in range(60):
        notifications.work()
        noon.advance(timedelta(hours=2))
    given_up = notifications.ask("get_message", message["id"]).body
    assert (given_up["state"], given_up["attempts"]) == ("refused", 13)
    assert kinds(notifications) == ["message_queued", "message_refused"]


def test_what_is_refused_for_good_is_not_tried_again(notifications, mail_server):
    message = notifications.ask("send_message", data=mail(subject="This will never do")).body
    notifications.work()
    refused = notifications.ask("get_message", message["id"]).body
    assert (refused["state"], refused["attempts"]) == ("refused", 1)
    assert "554" in refused["last_error"]
    assert kinds(notifications) == ["message_queued", "message_refused"]


def test_of_several_recipients_those_who_exist_get_it(notifications, mail_server):
    data = mail(to=["ana@acme.example", "nobody@acme.example"])
    message = notifications.ask("send_message", data=data).body
    notifications.work()
    sent = notifications.ask("get_message", message["id"]).body
    assert (sent["state"], [each["address"] for each in sent["problems"]]) == ("sent", ["nobody@acme.example"])
    assert mail_server.mails[0][0]["to"] == ["ana@acme.example"]


def test_an_address_that_does_not_exist_is_refused_for_good_and_a_full_one_for_now(notifications, mail_server):
    nobody = notifications.ask("send_message", data=mail(to=["nobody@acme.example"])).body
    full = notifications.ask("send_message", data=mail(to=["full@acme.example"])).body
    notifications.work()
    states = [notifications.ask("get_message", each["id"]).body["state"] for each in (nobody, full)]
    assert states == ["refused", "queued"]


def test_the_mail_server_may_want_a_password(notifications, configured, tmp_path):
    server = MailServer(tmp_path, password="geheim").start()
    try:
        configured(TRATO_SMTP_URL=server.url)
        notifications.ask("send_message", data=mail())
        notifications.work()
        assert len(server.mails) == 1
        configured(TRATO_SMTP_URL=server.url.replace("geheim", "wrong"))
        message = notifications.ask("send_message", data=mail()).body
        notifications.work()
        assert notifications.ask("get_message", message["id"]).body["state"] == "queued"
    finally:
        server.stop()


def test_without_a_mail_server_mails_wait(notifications, configured):
    configured(TRATO_SMTP_URL="")
    message = notifications.ask("send_message", data=mail()).body
    notifications.work()
    assert notifications.ask("get_message", message["id"]).body["state"] == "queued"


def test_a_reply_to_a_case_reaches_the_customer_in_the_thread_of_the_case(notifications, mail_server):
    first = case_replied()
    second = case_replied(case_id=first.data["case_id"], text="Ya debería estar.")
    notifications.deliver(first)
    notifications.deliver(second)
    notifications.work()

    one, two = sorted((got for _, got in mail_server.mails), key=lambda got: bool(got["In-Reply-To"]))
    assert one["Subject"] == "Re: La factura no llega [CAS-2030-000001]"
    assert one["Reply-To"] == "Soporte <soporte+0123456789abcdef@trato.example>"
    assert "Se la enviamos de nuevo." in one.get_content()
    assert "Puede contestar a este correo." in one.get_content()
    assert two["In-Reply-To"] == one["Message-ID"]
    listed = notifications.ask("list_messages", params={"about": first.subject}).body["items"]
    assert {each["message_id"] for each in listed} == {one["Message-ID"], two["Message-ID"]}


def test_where_a_case_knows_no_address_contacts_is_asked_when_the_mail_goes(notifications, mail_server, noon):
    person, asked = str(new_id()), []
    emails = [
        {"address": "old@acme.example", "kind": "work", "valid": False},
        {"address": "luis@acme.example", "kind": "work"},
        {"address": "ana@acme.example", "kind": "work", "primary": True},
    ]

    def contacts(operation, *ids, **_):
        asked.append((operation, *ids))
        if len(asked) == 1:
            raise ServiceDown
        return SimpleNamespace(body=orjson.dumps({"id": person, "emails": emails}))

    reply = case_replied(recipients=[], person_id=person)
    notifications.deliver(reply)
    with answered_by(contacts):
        notifications.work()
        assert mail_server.mails == []
        noon.advance(timedelta(minutes=2))
        notifications.work()

    assert asked == [("contacts.get_person", person)] * 2
    assert mail_server.mails[0][1]["To"] == "ana@acme.example"
    [message] = notifications.ask("list_messages", params={"about": reply.subject}).body["items"]
    assert (message["state"], message["to"]) == ("sent", ["ana@acme.example"])


def test_files_of_a_reply_go_along(notifications, mail_server, configured, tmp_path):
    configured(TRATO_BLOBS=f"file://{tmp_path}/blobs")
    key = blobs.open_store(settings.load()).put(BytesIO(b"%PDF-1.7")).key
    file = {"key": key, "filename": "factura ñ.pdf", "media_type": "application/pdf", "size": 8}
    notifications.deliver(case_replied(attachments=[file, key]))
    notifications.work()
    one, two = mail_server.mails[0][1].iter_attachments()
    assert (one.get_filename(), one.get_content_type(), one.get_content()) == (
        "factura ñ.pdf",
        "application/pdf",
        b"%PDF-1.7",
    )
    assert two.get_content() == b"%PDF-1.7"


def test_a_customer_is_asked_how_satisfied_they_are(notifications, mail_server, configured):
    configured(TRATO_PUBLIC_URL="https://crm.example.com/")
    replied = case_replied(token="s3cret")
    notifications.deliver(replace(replied, type="crm.cases.survey_sent.v1"))
    notifications.work()
    [(_, got)] = mail_server.mails
    assert got["Subject"] == "¿Cómo le hemos atendido? Caso CAS-2030-000001"
    assert "https://crm.example.com/v1/surveys/answers/s3cret" in got.get_content()


def test_a_reply_by_telephone_is_no_mail(notifications, mail_server):
    notifications.deliver(case_replied(channel="phone"))
    notifications.work()
    assert mail_server.mails == []


def test_one_reply_is_one_mail_however_often_it_is_told(notifications, mail_server):
    reply = case_replied()
    for _ in range(2):
        with notifications.database.write() as session:
            session.connection().exec_driver_sql("DELETE FROM inbox")
        notifications.deliver(reply)
    notifications.work()
    assert len(mail_server.mails) == 1


def test_a_template_may_say_it_otherwise(notifications, mail_server):
    sample = {"case": {"number": "1", "subject": "x"}, "reply": {"text": "y"}}
    both = {"es": "{{ case.number }}: {{ reply.text }}", "en": "{{ case.number }}: {{ reply.text }}"}
    data = {"slug": "case-reply", "name": "Reply", "subject": both, "text": both, "sample": sample}
    notifications.ask("create_template", data=data)
    notifications.deliver(case_replied())
    notifications.work()
    assert mail_server.mails[0][1].get_content().strip() == "CAS-2030-000001: Se la enviamos de nuevo."


def test_mails_are_seen_by_whoever_may(notifications):
    eva = somebody("Eva", messages_write="own", messages_read="own")
    luis = somebody("Luis", messages_read="own")
    message = notifications.ask("send_message", data=mail(), by=eva).body
    assert notifications.ask("get_message", message["id"], by=eva).body["subject"] == "Su factura"
    assert notifications.refused("get_message", message["id"], by=luis).status == 404
    assert notifications.ask("list_messages", by=luis).body["items"] == []


@pytest.mark.parametrize(("change", "slug"), [({"to": []}, "nobody-to-write-to"), ({"subject": ""}, "nothing-to-say")])
def test_a_mail_to_nobody_or_about_nothing_is_refused(notifications, change, slug):
    assert notifications.refused("send_message", data=mail(**change)).slug == slug
