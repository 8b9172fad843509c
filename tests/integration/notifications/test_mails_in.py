import smtplib
import threading
from datetime import timedelta

import pytest

from chassis import settings
from chassis.ops.system_work import SystemWork
from contracts.administration import ParameterChanged
from services.notifications.adapters.outgoing import loop_mark
from services.notifications.commands.receiving import read_mail, take_in
from tests.factories.mails import OWN, SAMPLES, World, mail, report
from tests.integration.notifications.test_mails_out import case_replied
from tests.kit.service import somebody


@pytest.fixture
def cases(notifications, store):
    """Two cases with a reply of ours each."""
    replies = {
        "A": case_replied(cc=["luis@acme.example"]),
        "B": case_replied(number="CAS-2030-000002", mail_token="fedcba9876543210", recipients=["eva@otra.example"]),
    }
    for reply in replies.values():
        notifications.deliver(reply)
    return {name: f"cases/{reply.data['case_id']}" for name, reply in replies.items()}


@pytest.fixture
def world(notifications, cases):
    sent = {
        name: notifications.ask("list_messages", params={"about": about}).body["items"][0]
        for name, about in cases.items()
    }
    return World(
        number_a="CAS-2030-000001",
        number_b="CAS-2030-000002",
        token_a="0123456789abcdef",
        token_b="fedcba9876543210",
        sent_a=sent["A"]["message_id"],
        sent_b=sent["B"]["message_id"],
        bounce_a=f"soporte+b{sent['A']['id'].replace('-', '')}@trato.example",
        loop_mark=loop_mark(settings.load()),
    )


@pytest.fixture
def receive(notifications, store):
    """Take a mail in as the door does, and return its item."""
    work = SystemWork("notifications", notifications.database, notifications.database.metadata, "test")

    def take(raw, sender="ana@acme.example", recipients=(OWN,)):
        parsed = read_mail(raw, sender=sender, recipients=list(recipients))
        with work.writing() as uow:
            id_ = take_in(uow, parsed).id
        return notifications.ask("get_inbox_item", id_).body

    return take


def received(service):
    return [event for event in service.told() if event.type == "crm.notifications.message_received.v1"]


def test_there_are_forty_samples():
    assert len(SAMPLES) >= 40


@pytest.mark.parametrize("name", SAMPLES)
def test_a_mail_ends_where_the_rules_say(notifications, cases, world, receive, store, name):  # noqa: PLR0917 - fixtures
    sample = SAMPLES[name](world)
    item = receive(sample.raw, sample.sender, sample.recipients)

    ends = {about: case for case, about in cases.items()}
    assert (item["kind"], item["reason"]) == (sample.kind, sample.reason)
    assert ends.get(item["about"]) == sample.end
    assert ends.get(item["guess"]) == sample.guess
    assert item["state"] == ("filed" if sample.end else "waiting")
    assert b"".join(store.open(item["original_key"])) == sample.raw
    shown = f"{item['text']}\n{item['html']}"
    assert all(part in shown for part in sample.holds)
    assert not any(part in shown for part in sample.lacks)

    [told] = received(notifications)
    assert told.data["about"] == item["about"]
    assert told.data["automatic"] is (sample.kind != "mail")
    assert (told.data["case_id"] is not None) is (sample.end is not None)


def test_the_same_mail_twice_is_one_item(notifications, cases, world, receive):
    raw = SAMPLES["an_answer_by_in_reply_to"](world).raw
    assert receive(raw)["id"] == receive(raw, recipients=("soporte+x@trato.example",))["id"]
    without = SAMPLES["a_mail_without_a_message_id"](world).raw
    assert receive(without)["id"] == receive(without)["id"]
    assert len(received(notifications)) == 2


def test_a_bounce_is_told_once_for_its_address_and_shown_on_the_message(notifications, mail_server, world, receive):
    notifications.work()
    receive(SAMPLES["a_bounce"](world).raw, "")
    receive(SAMPLES["a_bounce"](world).raw, "")
    receive(SAMPLES["a_delay"](world).raw, "")

    bounces = [event for event in notifications.told() if event.type == "crm.notifications.message_bounced.v1"]
    assert [(event.data["address"], event.data["status"]) for event in bounces] == [("ana@acme.example", "5.1.1")]
    message = notifications.ask("get_message", bounces[0].data["message_id"]).body
    assert (message["state"], message["problems"][0]["said"]) == ("bounced", "550 no")


def test_a_forged_bounce_for_an_address_that_we_did_not_write_to_changes_nothing(notifications, cases, world, receive):
    receive(report(world, "Final-Recipient: rfc822; eve@evil.example\nAction: failed\nStatus: 5.1.1"), "")
    assert [event for event in notifications.told() if "bounced" in event.type] == []


def test_a_delivery_that_is_confirmed_is_told(notifications, mail_server, world, receive):
    notifications.work()
    receive(report(world, "Final-Recipient: rfc822; ana@acme.example\nAction: delivered\nStatus: 2.0.0"), "")
    assert "crm.notifications.message_delivered.v1" in [event.type for event in notifications.told()]


def test_who_is_copied_in_takes_part_from_then_on(notifications, cases, world, receive):
    receive(mail(In_Reply_To=world.sent_a, Cc=f"Jefa <jefa@acme.example>, {OWN}").as_bytes())
    answer = mail(From="jefa@acme.example", Subject=f"Re: [{world.number_a}]").as_bytes()
    assert receive(answer, "jefa@acme.example")["about"] == cases["A"]


def test_a_reply_to_a_case_that_was_merged_goes_to_the_one_that_is_left(notifications, cases, world, receive):
    merged = case_replied()
    data = {"case_id": cases["A"].partition("/")[2], "into_id": cases["B"].partition("/")[2]}
    envelope = type(merged)(
        id=merged.id,
        source="/crm/cases",
        type="crm.cases.case_merged.v1",
        subject=cases["A"],
        time=merged.time,
        sequence=9,
        data=data,
    )
    notifications.deliver(envelope)
    assert receive(SAMPLES["an_answer_by_in_reply_to"](world).raw)["about"] == cases["B"]
    assert received(notifications)[0].data["case_number"] == world.number_b


def test_a_mail_from_the_tray_is_assigned_and_its_sender_takes_part_then(notifications, cases, world, receive):
    stranger = "eve@otra.example"
    item = receive(mail(From=stranger, Subject=f"[{world.number_a}]").as_bytes(), stranger)
    assigned = notifications.ask("assign_inbox_item", item["id"], data={"about": cases["A"]}).body
    assert (assigned["state"], assigned["about"]) == ("filed", cases["A"])
    assert received(notifications)[-1].data["case_number"] == world.number_a
    assert notifications.refused("assign_inbox_item", item["id"], data={"about": cases["A"]}).status == 409
    again = receive(mail(From=stranger, Subject=f"[{world.number_a}]").as_bytes(), stranger)
    assert again["about"] == cases["A"]


def test_a_mail_can_be_taken_out_of_the_tray_and_is_kept(notifications, cases, receive):
    item = receive(mail().as_bytes())
    assert notifications.ask("dismiss_inbox_item", item["id"]).body["state"] == "dismissed"
    waiting = notifications.ask("list_inbox", params={"state": "waiting"}).body["items"]
    assert waiting == []
    assert notifications.refused("assign_inbox_item", item["id"], data={"about": "nothing"}).slug == "not-a-record"


def test_the_tray_is_common_and_what_is_filed_is_read_where_it_is_filed(notifications, cases, world, receive):
    agent = somebody("Luis", inbox_read="team")
    waiting = receive(mail().as_bytes())
    filed = receive(SAMPLES["an_answer_by_in_reply_to"](world).raw)
    assert notifications.ask("get_inbox_item", waiting["id"], by=agent).body["id"] == waiting["id"]
    assert notifications.refused("get_inbox_item", filed["id"], by=agent).status == 404


def test_files_are_kept_and_named_safely(notifications, cases, world, receive, store):
    item = receive(SAMPLES["a_mail_with_files"](world).raw)
    names = [each["filename"] for each in item["attachments"]]
    assert names == [".._.._foto ñandú.png", "factura.pdf"]
    assert b"".join(store.open(item["attachments"][1]["key"])) == b"%PDF-1.7"
    assert [each["key"] for each in received(notifications)[0].data["files"]] == [
        each["key"] for each in item["attachments"]
    ]


@pytest.mark.parametrize("protocol", [smtplib.SMTP, smtplib.LMTP])
def test_mail_comes_in_through_the_door(notifications, cases, world, door, protocol):
    message = mail(".una línea que empieza con un punto\n..y otra", In_Reply_To=world.sent_a)
    with protocol("127.0.0.1", door) as connection:
        refused = connection.sendmail("ana@acme.example", [OWN, "x@elsewhere.example"], message.as_bytes())
    assert list(refused) == ["x@elsewhere.example"]
    [item] = notifications.ask("list_inbox").body["items"]
    assert item["about"] == cases["A"]


def test_the_door_is_for_our_addresses_only_and_not_for_what_is_too_large(notifications, cases, door):
    with smtplib.SMTP("127.0.0.1", door) as connection:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            connection.sendmail("ana@acme.example", ["victim@elsewhere.example"], b"Subject: x\r\n\r\nx")
        connection.ehlo()
        code, _ = connection.docmd("MAIL", f"FROM:<ana@acme.example> SIZE={30 * 1024 * 1024}")
    assert code == 552


def test_a_mail_that_cannot_be_kept_now_stays_with_whoever_sent_it(notifications, cases, door, configured):
    configured(TRATO_BLOBS="")
    with smtplib.SMTP("127.0.0.1", door) as connection, pytest.raises(smtplib.SMTPDataError) as refused:
        connection.sendmail("ana@acme.example", [OWN], mail().as_bytes())
    assert refused.value.smtp_code == 451
    assert notifications.ask("list_inbox").body["items"] == []


def test_our_mail_goes_out_and_its_answer_comes_back_into_the_same_case(notifications, mail_server, cases, door, noon):
    notifications.work()
    noon.advance(timedelta(hours=1))
    [ours] = [got for envelope, got in mail_server.mails if "ana@acme.example" in envelope["to"]]
    answer = mail(To=str(ours["Reply-To"]), Subject=f"Re: {ours['Subject']}", In_Reply_To=ours["Message-ID"])
    with smtplib.SMTP("127.0.0.1", door) as connection:
        connection.send_message(answer, "ana@acme.example", [str(ours["Reply-To"].addresses[0].addr_spec)])
    [told] = received(notifications)
    assert f"cases/{told.data['case_id']}" == cases["A"]


def test_who_was_copied_in_answers_the_customer_before_we_do(notifications, cases, world, receive):
    first = receive(mail(Subject="Nuevo", Message_ID="<first@acme.example>", Cc="jefa@acme.example").as_bytes())
    notifications.ask("assign_inbox_item", first["id"], data={"about": cases["A"]})
    answer = {"From": "jefa@acme.example", "In_Reply_To": "<first@acme.example>", "Subject": "Re: Nuevo"}
    assert receive(mail(**answer).as_bytes(), "jefa@acme.example")["about"] == cases["A"]
    stranger = {**answer, "From": "eve@evil.example"}
    item = receive(mail(**stranger).as_bytes(), "eve@evil.example")
    assert (item["reason"], item["guess"]) == ("unknown-sender", cases["A"])


@pytest.fixture
def by_subject(notifications):
    notifications.tell(ParameterChanged(key="mail.same_subject_days", value=7, old=0))


@pytest.mark.parametrize(
    "subject", ["La factura no llega", "RE: RV: la  Factura no llega", "[Externo] Re: La factura no llega"]
)
def test_a_mail_with_the_subject_of_a_case_of_its_sender_joins_it_where_that_is_wanted(  # noqa: PLR0917 - fixtures
    notifications, cases, world, receive, by_subject, subject
):
    assert receive(mail(Subject=subject).as_bytes())["about"] == cases["A"]
    eve = "eva@otra.example"
    assert receive(mail(Subject=subject, From=eve).as_bytes(), eve)["about"] == cases["B"], "each to their own case"
    stranger = receive(mail(Subject=subject, From="eve@evil.example").as_bytes(), "eve@evil.example")
    assert (stranger["reason"], stranger["guess"]) == ("no-thread", None), "by chance subjects are alike"


def test_without_being_asked_to_nobody_goes_by_the_subject(notifications, cases, receive):
    assert receive(mail(Subject="La factura no llega").as_bytes())["reason"] == "no-thread"


def test_after_seven_days_without_a_mail_a_subject_says_nothing(notifications, noon, cases, receive, by_subject):
    noon.advance(timedelta(days=5))
    assert receive(mail(Subject="Re: La factura no llega").as_bytes())["about"] == cases["A"]
    noon.advance(timedelta(days=5))
    assert receive(mail(Subject="Re: La factura no llega").as_bytes())["about"] == cases["A"], "the case went on"
    noon.advance(timedelta(days=8))
    assert receive(mail(Subject="Re: La factura no llega").as_bytes())["reason"] == "no-thread"


def test_an_automatic_mail_joins_nothing_by_its_subject(notifications, cases, receive, by_subject):
    automatic = mail(Subject="Re: La factura no llega", Auto_Submitted="auto-replied").as_bytes()
    assert receive(automatic)["reason"] == "automatic"


def test_a_mail_without_a_message_id_is_one_however_it_came(notifications, cases, world, receive):
    raw = SAMPLES["a_mail_without_a_message_id"](world).raw
    by_another_way = b"Received: from mx2.example\r\nDelivered-To: ventas@trato.example\r\n" + raw.replace(
        b"\n", b"\r\n"
    )
    assert receive(raw)["id"] == receive(by_another_way)["id"]
    assert receive(raw.replace(b"Buenos", b"Malos"))["id"] != receive(raw)["id"], "another text is another mail"


def test_the_same_mail_by_two_ways_at_once_is_taken_by_both_and_is_one(notifications, cases, world, door):
    message = mail(In_Reply_To=world.sent_a)
    replies, together = [], threading.Barrier(6)

    def come():
        with smtplib.SMTP("127.0.0.1", door) as connection:
            together.wait()
            replies.append(connection.sendmail("ana@acme.example", [OWN], message.as_bytes()))

    threads = [threading.Thread(target=come) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [{}] * 6
    assert len(notifications.ask("list_inbox").body["items"]) == 1


def test_our_own_addresses_take_part_nowhere_and_get_nothing(notifications, cases, world, receive, mail_server):
    box = {"host": "127.0.0.1", "username": "x", "password": "x", "active": False}
    notifications.ask("create_mailbox", data={**box, "name": "Sales", "address": "ventas@trato.example"})
    notifications.ask("create_mailbox", data={**box, "name": "Other", "username": "pedidos@trato.example"})
    notifications.work()
    before = len(mail_server.mails)

    own = ["ventas@trato.example", "Pedidos@trato.example", "soporte+x@trato.example", OWN]
    receive(mail(In_Reply_To=world.sent_a, Cc=", ".join([*own, "jefa@acme.example"])).as_bytes())
    for address in own:
        forged = mail(From=address, Subject=f"[{world.number_a}]").as_bytes()
        assert receive(forged, address)["reason"] == "unknown-sender"

    reply = case_replied(number="CAS-2030-000009", mail_token=None, cc=[*own, "jefa@acme.example", "ana@acme.example"])
    notifications.deliver(reply)
    notifications.deliver(case_replied(number="CAS-2030-000010", mail_token=None, recipients=[OWN]))
    notifications.work()
    [(envelope, got)] = mail_server.mails[before:]
    assert envelope["to"] == ["ana@acme.example", "jefa@acme.example"]
    assert got["Cc"] == "jefa@acme.example"


@pytest.mark.parametrize("protocol", [smtplib.SMTP, smtplib.LMTP])
def test_a_mail_that_turns_out_too_large_is_refused_politely_in_two_languages(notifications, cases, door, protocol):
    large = b"Subject: x\r\n\r\n" + (b"x" * 998 + b"\r\n") * (27 * 1024)
    with protocol("127.0.0.1", door) as connection:
        connection.ehlo()
        connection.mail("ana@acme.example")
        connection.rcpt(OWN)
        code, said = connection.data(large)
        assert (code, connection.noop()[0]) == (552, 250)
    assert b"please" in said
    assert b"demasiado grande, se admiten 25 MB" in said
    assert notifications.ask("list_inbox").body["items"] == []
