import pytest

from chassis import settings
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
