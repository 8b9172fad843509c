"""Through the whole suite: members from a segment, a mail to one who said yes, one click, and no mail any more."""

import re
import time

import httpx
import pytest

from tests.integration.notifications.mail_server import MailServer
from tests.kit.stack import PATIENT, Stack

pytestmark = [pytest.mark.broker, pytest.mark.slow]

PROOF = {"source": "web-form", "text_version": "2030-01", "ip": "192.0.2.7"}


@pytest.fixture(scope="module")
def mail_server(tmp_path_factory):
    made = MailServer(tmp_path_factory.mktemp("mails")).start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def stack(tmp_path_factory, mail_server):
    made = Stack(tmp_path_factory.mktemp("stack"), settings={"TRATO_SMTP_URL": mail_server.url, **PATIENT})
    try:
        yield made.up()
    finally:
        made.stop()


def made(stack, method, path, body=None):
    answer = stack.call(method, path, body, timeout=60)
    assert answer.status in {200, 201}, answer
    return answer.body


def until(look, expected, seconds=150):
    end = time.monotonic() + seconds
    while (found := look()) != expected:
        assert time.monotonic() < end, found
        time.sleep(0.1)


def person(stack, name):
    emails = [{"address": f"{name.lower()}@vigo.example"}]
    body = {"first_name": name, "emails": emails, "addresses": [{"city": "Vigo"}]}
    return made(stack, "POST", "/v1/people", body)["id"]


def test_who_said_yes_gets_a_mail_and_after_one_click_no_more(stack, mail_server):
    eva, luis = person(stack, "Eva"), person(stack, "Luis")
    consent = f"/v1/people/{eva}/consents/email/marketing"
    made(stack, "PUT", consent, {"state": "opted_in", "basis": "consent", "proof": PROOF})
    tree = {"field": "city", "op": "eq", "value": "Vigo"}
    segment = made(stack, "POST", "/v1/segments", {"name": "Vigo", "filter": tree})["id"]
    campaign = made(stack, "POST", "/v1/campaigns", {"name": "Vigo", "kind": "email"})["id"]

    def members():
        shown = made(stack, "GET", f"/v1/campaigns/{campaign}/members")["items"]
        return {each["person_id"]: (each["state"], each["excluded_by"]) for each in shown}

    # Contacts is killed while the members are fetched; the work waits for it.
    job = made(stack, "POST", f"/v1/campaigns/{campaign}/members", {"segment_id": segment})["job_id"]
    stack.kill("contacts")
    stack.start("contacts")
    until(members, {eva: ("listed", None), luis: ("excluded", "no-consent")})
    until(lambda: made(stack, "GET", f"/v1/jobs/{job}")["state"], "done")
    # Notifications hears of the yes by itself; a mail that goes before that would be refused.
    told = "/v1/events?type=crm.contacts.consent_changed.v1"
    until(lambda: len(made(stack, "GET", told)["items"]), 1)

    def send():
        body = {"person_id": eva, "subject": "Novedades", "text": "Mire.", "purpose": "marketing"}
        return made(stack, "POST", "/v1/messages", body)["id"]

    def state(message):
        shown = made(stack, "GET", f"/v1/messages/{message}")
        return shown["state"], shown["refused_by"]

    first = send()
    until(lambda: state(first), ("sent", None))
    [(envelope, mail)] = mail_server.mails
    assert envelope["to"] == ["eva@vigo.example"]
    [path] = re.findall(r"<http://[^/]+(/v1/unsubscribe/\S+)>", mail["List-Unsubscribe"])
    assert "<form" in httpx.get(f"{stack.url}{path}", timeout=60).text
    clicked = httpx.post(f"{stack.url}{path}", data={"List-Unsubscribe": "One-Click"}, timeout=60)
    assert clicked.status_code == 200

    second = send()
    until(lambda: state(second), ("refused", "address-opted-out"))
    until(members, {eva: ("excluded", "address-opted-out"), luis: ("excluded", "no-consent")})
    cells = made(stack, "GET", f"/v1/people/{eva}/consents")
    [cell] = [each for each in cells if (each["channel"], each["purpose"]) == ("email", "marketing")]
    assert (cell["state"], cell["addresses"][0]["proof"]["recording"]) == ("opted_in", f"messages/{first}")
    figures = made(stack, "GET", f"/v1/campaigns/{campaign}/figures")
    assert (figures["members"], figures["excluded"]) == (0, 2)
    assert len(mail_server.mails) == 1
