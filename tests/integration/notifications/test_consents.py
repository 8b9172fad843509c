"""Who gets a message is decided when it goes, by what is known of consents; and one click ends what is optional."""

import re
from datetime import timedelta
from itertools import count

import pytest
import sqlalchemy as sa

from chassis.calls import answered_by
from chassis.clock import utc_now
from chassis.context import ANONYMOUS
from chassis.envelope import Envelope
from chassis.ids import new_id
from services.notifications.domain.known_consent import KnownConsent
from tests.factories import contacts as make
from tests.kit.bridge import Bridge

PROOF = {"source": "web-form", "text_version": "2030-01", "ip": "192.0.2.7"}
ADDRESS = "ana@acme.example"


@pytest.fixture
def contacts(run_service):
    return run_service("contacts")


@pytest.fixture
def bridge(notifications, contacts):
    made = Bridge(contacts)
    with answered_by(made):
        yield made


@pytest.fixture
def ana(contacts):
    return contacts.ask("create_person", data=make.person_data(first_name="Ana", emails=[{"address": ADDRESS}])).body


def hear(contacts, notifications):
    """Have both hear what the other told, as the broker would bring it."""
    for listener, teller in ((notifications, contacts), (contacts, notifications), (notifications, contacts)):
        listener.deliver(*(event for event in teller.told() if event.type.split(".")[2] in CONSENTS))


CONSENTS = {"consent_changed", "recipient_unsubscribed"}


def say(contacts, notifications, person, state, purpose="marketing", **more):
    data = {"state": state, **({"proof": PROOF} if state == "opted_in" else {}), **more}
    contacts.ask("set_person_consent", person["id"], "email", purpose, data=data)
    hear(contacts, notifications)


def send(notifications, person, purpose="marketing", **overrides):
    mail = {"person_id": person["id"], "to": [ADDRESS], "subject": "Novedades", "text": "Mire.", "purpose": purpose}
    return notifications.ask("send_message", data=mail | overrides).body


def went(notifications, message):
    notifications.work()
    return notifications.ask("get_message", message["id"]).body


def link_in(mail):
    [token] = re.fullmatch(r"<http://127\.0\.0\.1:8080/v1/unsubscribe/(\S+)>", mail["List-Unsubscribe"]).groups()
    return token


def last_told(notifications):
    return notifications.told()[-1]


@pytest.mark.usefixtures("bridge")
def test_marketing_without_consent_is_refused_and_says_by_which_rule(notifications, mail_server, ana):
    message = went(notifications, send(notifications, ana))

    assert (message["state"], message["refused_by"], mail_server.mails) == ("refused", "no-consent", [])
    assert [(each["address"], each["code"]) for each in message["problems"]] == [(ADDRESS, "no-consent")]
    told = last_told(notifications)
    assert told.type == "crm.notifications.message_refused.v1"
    assert (told.data["rule"], told.data["purpose"], list(map(str, told.concerns))) == (
        "no-consent",
        "marketing",
        [ana["id"]],
    )


@pytest.mark.usefixtures("bridge")
def test_marketing_with_consent_goes_with_a_link_to_unsubscribe_by_one_click(notifications, contacts, mail_server, ana):
    say(contacts, notifications, ana, "opted_in")

    message = went(notifications, send(notifications, ana, html="<p>Mire.</p>"))

    assert (message["state"], message["refused_by"]) == ("sent", None)
    [(_, mail)] = mail_server.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = f"http://127.0.0.1:8080/v1/unsubscribe/{link_in(mail)}"
    assert url in mail.get_body(("plain",)).get_content()
    assert url in mail.get_body(("html",)).get_content()
    # Mail programs read the header as it is: it must neither be encoded nor broken.
    [raw] = [path.read_bytes() for path in mail_server.folder.glob("*.eml")]
    assert f"List-Unsubscribe: <{url}>\r\n".encode() in raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert "acme" not in link_in(mail)


@pytest.mark.usefixtures("bridge")
def test_what_was_said_until_the_mail_goes_counts(notifications, contacts, mail_server, ana):
    say(contacts, notifications, ana, "opted_in")
    message = send(notifications, ana)
    say(contacts, notifications, ana, "opted_out", address=ADDRESS)

    assert went(notifications, message)["refused_by"] == "address-opted-out"
    assert mail_server.mails == []


@pytest.mark.usefixtures("bridge")
def test_service_goes_where_nothing_was_said_and_not_to_who_refuses_it(notifications, contacts, mail_server, ana):
    message = went(notifications, send(notifications, ana, "service"))
    assert message["state"] == "sent"
    assert mail_server.mails[0][1]["List-Unsubscribe"] is None

    say(contacts, notifications, ana, "opted_out", "service")
    assert went(notifications, send(notifications, ana, "service"))["refused_by"] == "contact-opted-out"


@pytest.mark.usefixtures("bridge")
def test_who_is_copied_in_and_refuses_is_left_out_and_the_others_get_it(notifications, contacts, mail_server, ana):
    eva = contacts.ask("create_person", data=make.person_data(emails=[{"address": "eva@acme.example"}])).body
    say(contacts, notifications, eva, "objected", "service", address="eva@acme.example")

    message = went(notifications, send(notifications, ana, "service", cc=["eva@acme.example", "luis@acme.example"]))

    assert message["state"] == "sent"
    assert [(each["address"], each["code"]) for each in message["problems"]] == [
        ("eva@acme.example", "address-objected")
    ]
    [(envelope, mail)] = mail_server.mails
    assert (envelope["to"], mail["Cc"]) == ([ADDRESS, "luis@acme.example"], "luis@acme.example")


def test_marketing_goes_to_one_recipient_without_copies(notifications):
    for more in ({"to": [ADDRESS, "luis@acme.example"]}, {"cc": ["luis@acme.example"]}):
        data = {"to": [ADDRESS], "subject": "Novedades", "text": "Mire.", "purpose": "marketing"} | more
        assert notifications.refused("send_message", data=data).slug == "marketing-goes-to-one"
    wrong = {"to": [ADDRESS], "subject": "Novedades", "text": "Mire.", "purpose": "spam"}
    assert notifications.refused("send_message", data=wrong).params["errors"][0]["pointer"] == "/purpose"


@pytest.mark.usefixtures("bridge")
def test_without_an_address_the_person_is_written_to_where_they_get_mail_and_that_address_counts(
    notifications, contacts, mail_server, ana
):
    say(contacts, notifications, ana, "opted_in")
    message = went(notifications, send(notifications, ana, to=[]))
    assert (message["state"], message["to"]) == ("sent", [ADDRESS])
    assert mail_server.mails[0][0]["to"] == [ADDRESS]

    say(contacts, notifications, ana, "opted_out", address=ADDRESS)
    assert went(notifications, send(notifications, ana, to=[]))["refused_by"] == "address-opted-out"


@pytest.mark.usefixtures("bridge")
def test_an_address_that_was_asked_for_is_asked_for_again_when_the_mail_is_tried_again(
    notifications, contacts, mail_server, ana, noon
):
    mail_server.go_away()
    message = send(notifications, ana, "service", to=[])
    assert went(notifications, message)["state"] == "queued"
    emails = [{"address": "new@acme.example"}]
    contacts.ask("update_person", ana["id"], data={"emails": emails}, version=ana["version"])
    mail_server.start()
    noon.advance(timedelta(hours=1))

    assert (went(notifications, message)["to"], len(mail_server.mails)) == (["new@acme.example"], 1)


@pytest.mark.usefixtures("bridge")
def test_a_survey_respects_who_wants_none_and_can_be_unsubscribed_from(notifications, contacts, mail_server, ana):
    numbers = count(1)

    def ask():
        data = {
            "case_id": str(new_id()),
            "number": f"CAS-{next(numbers)}",
            "subject": "Luz",
            "token": "t",
            "person_id": ana["id"],
        }
        envelope = {"type": "crm.cases.survey_sent.v1", "subject": f"surveys/{new_id()}", "source": "/crm/cases"}
        data |= {"recipients": [ADDRESS]}
        notifications.deliver(Envelope(id=new_id(), time=utc_now(), sequence=1, data=data, **envelope))
        notifications.work()
        return notifications.ask("list_messages").body["items"][0]

    assert (ask()["state"], len(mail_server.mails)) == ("sent", 1)
    notifications.ask("unsubscribe", link_in(mail_server.mails[0][1]), by=ANONYMOUS)
    refused = ask()
    assert (refused["purpose"], refused["refused_by"]) == ("survey", "address-opted-out")
    say(contacts, notifications, ana, "objected", "survey", address=ADDRESS)
    assert ask()["refused_by"] == "address-objected"
    assert len(mail_server.mails) == 1


def test_one_click_ends_marketing_at_once_also_while_contacts_is_away(
    notifications, contacts, mail_server, ana, bridge
):
    say(contacts, notifications, ana, "opted_in")
    went(notifications, send(notifications, ana))
    token = link_in(mail_server.mails[0][1])
    bridge.down.add("contacts")

    looked = notifications.ask("open_unsubscribing", token, by=ANONYMOUS).body
    assert looked == {"purpose": "marketing", "unsubscribed": False}
    assert went(notifications, send(notifications, ana))["state"] == "sent"

    assert notifications.ask("unsubscribe", token, by=ANONYMOUS).body["unsubscribed"]
    assert notifications.ask("open_unsubscribing", token, by=ANONYMOUS).body["unsubscribed"]
    assert went(notifications, send(notifications, ana))["refused_by"] == "address-opted-out"


@pytest.mark.usefixtures("bridge")
def test_contacts_learns_of_who_unsubscribed_and_has_the_message_as_proof(notifications, contacts, mail_server, ana):
    say(contacts, notifications, ana, "opted_in")
    message = went(notifications, send(notifications, ana))
    token = link_in(mail_server.mails[0][1])
    for _ in range(3):
        notifications.ask("unsubscribe", token, by=ANONYMOUS)
    hear(contacts, notifications)

    shown = contacts.ask("list_person_consents", ana["id"]).body
    [cell] = [each for each in shown if (each["channel"], each["purpose"]) == ("email", "marketing")]
    assert (cell["state"], cell["allowed"], cell["rule"]) == ("opted_in", False, "address-opted-out")
    [on_address] = cell["addresses"]
    assert on_address["proof"]["recording"] == f"messages/{message['id']}"
    told = [event for event in notifications.told() if event.type == "crm.notifications.recipient_unsubscribed.v1"]
    assert len(told) == 1
    assert ADDRESS not in str(told[0].data)
    assert went(notifications, send(notifications, ana))["refused_by"] == "address-opted-out"
    # Who says yes again later, with proof, gets mail again.
    say(contacts, notifications, ana, "opted_in", address=ADDRESS)
    assert went(notifications, send(notifications, ana))["state"] == "sent"


@pytest.mark.usefixtures("bridge")
def test_a_yes_on_its_way_from_before_does_not_undo_what_was_clicked(notifications, contacts, mail_server, ana, noon):
    say(contacts, notifications, ana, "opted_in")
    went(notifications, send(notifications, ana))
    data = {"state": "opted_in", "proof": PROOF, "address": ADDRESS}
    contacts.ask("set_person_consent", ana["id"], "email", "marketing", data=data)
    noon.advance(timedelta(minutes=1))
    notifications.ask("unsubscribe", link_in(mail_server.mails[0][1]), by=ANONYMOUS)

    notifications.deliver(contacts.told()[-1])

    assert went(notifications, send(notifications, ana))["refused_by"] == "address-opted-out"


@pytest.mark.parametrize("token", ["nonsense", "gAAAAABh" + "x" * 80])
def test_a_link_that_is_not_ours_leads_nowhere(notifications, token):
    for operation in ("open_unsubscribing", "unsubscribe"):
        assert notifications.refused(operation, token, by=ANONYMOUS).status == 404


@pytest.mark.usefixtures("mail_server")
def test_with_contacts_away_too_long_marketing_waits_service_goes_and_marketing_follows(
    notifications, contacts, ana, bridge, noon
):
    say(contacts, notifications, ana, "opted_in")
    assert went(notifications, send(notifications, ana))["state"] == "sent"
    bridge.down.add("contacts")
    noon.advance(timedelta(minutes=14))
    assert went(notifications, send(notifications, ana))["state"] == "sent"
    noon.advance(timedelta(minutes=2))

    waiting = [send(notifications, ana) for _ in range(3)]
    service = send(notifications, ana, "service")
    states = [went(notifications, each) for each in [*waiting, service]]

    assert [each["state"] for each in states] == ["queued", "queued", "queued", "sent"]
    assert (states[0]["attempts"], states[0]["last_error"][:15]) == (0, "marketing waits")
    for _ in range(3):
        noon.advance(timedelta(minutes=2))
        assert went(notifications, waiting[0])["state"] == "queued"
    bridge.down.clear()
    noon.advance(timedelta(minutes=2))
    notifications.work()
    assert {went(notifications, each)["state"] for each in waiting} == {"sent"}


@pytest.mark.usefixtures("mail_server")
def test_contacts_is_asked_now_and_then_and_not_for_each_mail(notifications, contacts, ana, bridge, noon):
    say(contacts, notifications, ana, "opted_in")
    for _ in range(5):
        went(notifications, send(notifications, ana))

    assert bridge.asked.count("contacts.count_told_consents") == 1
    noon.advance(timedelta(minutes=1))
    went(notifications, send(notifications, ana))
    assert bridge.asked.count("contacts.count_told_consents") == 2


@pytest.mark.usefixtures("bridge")
def test_marketing_waits_until_every_consent_that_was_told_arrived(notifications, contacts, mail_server, ana, noon):
    say(contacts, notifications, ana, "opted_in")
    contacts.ask("set_person_consent", ana["id"], "email", "marketing", data={"state": "opted_out"})
    message = send(notifications, ana)
    assert went(notifications, message)["state"] == "queued"

    hear(contacts, notifications)
    noon.advance(timedelta(minutes=2))

    assert went(notifications, message)["refused_by"] == "contact-opted-out"


@pytest.mark.usefixtures("bridge")
def test_what_is_known_of_consents_can_be_built_again_from_what_was_told(notifications, contacts, mail_server, ana):
    for state in ("opted_in", "opted_out", "unknown", "opted_in"):
        say(contacts, notifications, ana, state)
    say(contacts, notifications, ana, "opted_out", "survey", address=ADDRESS)
    events = [event for event in contacts.told() if event.type == "crm.contacts.consent_changed.v1"]
    known = shown(notifications)

    notifications.deliver(*again(events))
    assert shown(notifications) == known
    with notifications.database.write() as session:
        session.execute(sa.delete(KnownConsent))
    notifications.deliver(*again(events))
    assert shown(notifications) == known
    assert went(notifications, send(notifications, ana))["state"] == "sent"


def again(events):
    """Return events as a replay brings them that begins anew: the inbox knows nothing of them."""
    return [
        Envelope(
            id=new_id(),
            source=each.source,
            type=each.type,
            subject=each.subject,
            time=each.time,
            sequence=each.sequence,
            data=each.data,
            concerns=each.concerns,
        )
        for each in events
    ]


def shown(notifications):
    columns = (KnownConsent.holder, KnownConsent.purpose, KnownConsent.state, KnownConsent.basis, KnownConsent.heard)
    with notifications.database.read() as session:
        return sorted(map(tuple, session.execute(sa.select(*columns))), key=str)
