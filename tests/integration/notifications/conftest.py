import threading

import pytest

from chassis import blobs, settings
from chassis.ops.system_work import SystemWork
from services.notifications.handlers import mail_door
from tests.factories.mails import OWN
from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.receiver import Receiver


@pytest.fixture
def configured(monkeypatch):
    """Set environment variables and have the settings read anew."""

    def configure(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.load.cache_clear()

    yield configure
    monkeypatch.undo()
    settings.load.cache_clear()


@pytest.fixture
def notifications(run_service):
    """The notifications service on an empty database."""
    service = run_service("notifications")
    service.heard.clear()
    return service


@pytest.fixture
def receiver():
    found = Receiver().start()
    yield found
    found.stop()


@pytest.fixture
def mail_server(tmp_path, configured):
    """A mail server on loopback, which the service is set to use."""
    found = MailServer(tmp_path).start()
    configured(TRATO_SMTP_URL=found.url, TRATO_MAIL_FROM="Soporte <soporte@trato.example>")
    yield found
    found.stop()


@pytest.fixture
def store(configured, tmp_path):
    """A blob store, and our own address."""
    configured(TRATO_BLOBS=f"file://{tmp_path}/blobs", TRATO_MAIL_FROM=f"Soporte <{OWN}>")
    return blobs.open_store(settings.load())


@pytest.fixture
def door(notifications, store, configured):
    """The door, open on loopback."""
    configured(TRATO_MAIL_IN_ADDRESS="127.0.0.1:0")
    work = SystemWork("notifications", notifications.database, notifications.database.metadata, "MailDoor")
    thread = threading.Thread(target=mail_door.run, args=(work,))
    thread.start()
    while not mail_door.port:
        threading.Event().wait(0.01)
    yield mail_door.port
    mail_door.stop()
    thread.join()
