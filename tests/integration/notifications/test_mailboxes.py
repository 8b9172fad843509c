from datetime import timedelta

import pytest

from tests.factories.mails import OWN, mail
from tests.integration.notifications.imap_server import ImapServer


@pytest.fixture
def imap(configured, tmp_path):
    configured(TRATO_BLOBS=f"file://{tmp_path}/blobs", TRATO_MAIL_FROM=f"Soporte <{OWN}>")
    server = ImapServer().start()
    yield server
    server.stop()


@pytest.fixture
def mailbox(notifications, imap):
    def open_mailbox(**more):
        data = {
            "name": "Support",
            "host": "127.0.0.1",
            "port": imap.port,
            "security": "none",
            "username": "soporte",
            "password": "geheim",
            **more,
        }
        return notifications.ask("create_mailbox", data=data).body

    return open_mailbox


def subjects(notifications):
    return [item["subject"] for item in notifications.ask("list_inbox", params={"sort": "created_at"}).body["items"]]


def test_new_mail_is_taken_in_once_and_stays_in_the_mailbox(notifications, imap, mailbox, noon):
    imap.put(mail(Subject="From before").as_bytes())
    mailbox()
    notifications.work()
    imap.put(mail(Subject="First").as_bytes())
    imap.put(mail(Subject="Second").as_bytes())
    for _ in range(3):
        noon.advance(timedelta(minutes=1))
        notifications.work()

    assert sorted(subjects(notifications)) == ["First", "Second"]
    assert len(imap.mails) == 3
    assert not any(word in command for command in imap.commands for word in ("STORE", "EXPUNGE", "MOVE", "DELETE"))


def test_a_mailbox_may_be_read_from_the_beginning_however_full_it_is(notifications, imap, mailbox, noon):
    for number in range(120):
        imap.put(mail(Subject=f"{number}").as_bytes())
    made = mailbox(from_the_beginning=True)
    notifications.work()
    assert notifications.ask("get_mailbox", made["id"]).body["received"] == 120
    assert notifications.ask("list_inbox", params={"count": "true"}).body["total"] == 120


def test_a_server_that_numbers_anew_brings_nothing_twice(notifications, imap, mailbox, noon):
    mailbox(from_the_beginning=True)
    imap.put(mail(Subject="First").as_bytes())
    notifications.work()
    imap.validity = 8
    imap.put(mail(Subject="Second").as_bytes())
    noon.advance(timedelta(minutes=1))
    notifications.work()
    assert sorted(subjects(notifications)) == ["First", "Second"]


def test_the_same_mail_by_two_mailboxes_is_one_item(notifications, imap, mailbox, noon):
    mailbox(from_the_beginning=True)
    mailbox(name="Other", from_the_beginning=True)
    imap.put(mail(Subject="First").as_bytes())
    notifications.work()
    assert subjects(notifications) == ["First"]


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"folder": "Nowhere"}])
def test_a_mailbox_that_lets_us_not_in_says_so_and_is_tried_more_and_more_seldom(
    notifications, imap, mailbox, noon, change
):
    made = mailbox(**change)
    for _ in range(60):
        notifications.work()
        noon.advance(timedelta(minutes=1))
    shown = notifications.ask("get_mailbox", made["id"]).body
    assert shown["last_error"]
    assert 3 <= shown["failures"] <= 7
    assert "password" not in shown

    right = {"password": "geheim", "folder": "INBOX"}
    notifications.ask("update_mailbox", made["id"], data=right, version=shown["version"])
    notifications.work()
    assert notifications.ask("get_mailbox", made["id"]).body["last_error"] is None


def huge(**headers):
    head = mail("", **headers).as_bytes().rpartition(b"\n\n")[0]
    return head + b"\n\n" + b"x" * (26 * 1024 * 1024)


def test_a_mail_that_is_too_large_stays_there_waits_in_the_tray_and_is_answered_politely_once(
    notifications, imap, mailbox, noon, mail_server
):
    mailbox(from_the_beginning=True)
    for number in range(2):
        imap.put(huge(Subject=f"Planos {number}", Message_ID=f"<{number}@acme.example>"))
    imap.put(huge(Subject="Planos", Auto_Submitted="auto-replied"))
    imap.put(mail(Subject="Small").as_bytes())
    notifications.work()

    items = notifications.ask("list_inbox").body["items"]
    large = [each for each in items if each["reason"] == "too-large"]
    assert sorted(each["subject"] for each in large) == ["Planos 0", "Planos 1"]
    assert all(each["original_size"] > 26 * 1024 * 1024 and "left" in each["error"] for each in large)
    assert {each["reason"] for each in items} == {"too-large", "automatic", "no-thread"}
    assert len(imap.mails) == 4

    [(envelope, got)] = mail_server.mails
    assert envelope["to"] == ["ana@acme.example"]
    assert got["In-Reply-To"] in {"<0@acme.example>", "<1@acme.example>"}
    assert got["Auto-Submitted"] == "auto-generated"
    assert "ocupa 27 MB y podemos recibir hasta 25 MB" in got.get_content()
    held = notifications.ask("list_messages", params={"state": "refused"}).body["items"]
    assert [each["refused_by"] for each in held] == ["automatic-limit"]


def test_a_template_may_say_otherwise_that_a_mail_is_too_large(notifications, imap, mailbox, mail_server):
    both = {"es": "{{ mail.subject }}: {{ mail.megabytes }} > {{ mail.limit }}", "en": "x"}
    sample = {"mail": {"subject": "x", "megabytes": "30", "limit": "25"}}
    data = {"slug": "mail-too-large", "name": "Too large", "subject": both, "text": both, "sample": sample}
    notifications.ask("create_template", data=data)
    mailbox(from_the_beginning=True)
    imap.put(huge(Subject="Planos"))
    notifications.work()
    assert mail_server.mails[0][1].get_content().strip() == "Planos: 27 > 25"
