"""Mails and webhooks over TLS: to a server that can prove who it is, and to no other."""

import gc
import ssl

import pytest

from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.receiver import Receiver
from tests.integration.notifications.test_mails_out import mail
from tests.integration.notifications.test_webhooks import created, log
from tests.kit.certificates import write_certificate

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def collected():
    """Eventlet leaves a connection whose handshake failed to the garbage collector; other tests must not hear of it."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """One for this machine, and one for another."""
    make = tmp_path_factory.mktemp
    return {
        "ours": write_certificate(make("ours"), addresses=("127.0.0.1",)),
        "other": write_certificate(make("other"), names=("other.example",)),
    }


def send(notifications):
    message = notifications.ask("send_message", data=mail()).body
    notifications.work()
    return notifications.ask("get_message", message["id"]).body


@pytest.mark.parametrize("security", ["smtps", "starttls"])
@pytest.mark.parametrize(
    ("certificate", "trusted", "sent"), [("ours", True, True), ("ours", False, False), ("other", True, False)]
)
def test_a_mail_goes_to_a_server_that_proves_who_it_is(  # noqa: PLR0917 - fixtures
    notifications, configured, certificates, tmp_path, security, certificate, trusted, sent
):
    folder = certificates[certificate]
    server = MailServer(tmp_path, password="geheim", security=security, certificates=folder).start()
    try:
        configured(TRATO_SMTP_URL=server.url, **({"SSL_CERT_FILE": str(folder / "certificate.pem")} if trusted else {}))
        found = send(notifications)
        assert found["state"] == ("sent" if sent else "queued")
        assert len(server.mails) == int(sent)
        assert sent or "certificate" in found["last_error"].lower()
    finally:
        server.stop()


def test_a_mail_server_that_does_not_encrypt_gets_neither_mail_nor_password(notifications, configured, tmp_path):
    server = MailServer(tmp_path, password="geheim").start()
    try:
        configured(TRATO_SMTP_URL=server.url.replace("smtp://", "starttls://"))
        assert send(notifications)["state"] == "queued"
        assert server.mails == []
    finally:
        server.stop()


def test_a_receiver_that_cannot_prove_who_it_is_gets_nothing(notifications, certificates):
    receiver = Receiver().start()
    try:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        folder = certificates["ours"]
        context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
        data = {"name": "Ledger", "url": f"https://127.0.0.1:{receiver.port}/", "events": ["crm.#"]}
        webhook = notifications.ask("create_webhook", data=data).body
        notifications.tell(created())
        notifications.work()
        assert receiver.posts == []
        assert "certificate" in log(notifications, webhook)[0]["log"][0]["error"].lower()
    finally:
        receiver.stop()
