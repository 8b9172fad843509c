"""A bare broker is made ready for production: every part has a user of its own, with the rights that it uses."""

from urllib.parse import urlsplit

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from tests.kit.rabbitmq import free_ports, start_rabbitmq
from tools import broker_setup

pytestmark = [pytest.mark.broker, pytest.mark.slow]
PARTS = ("administration", "cases", "contacts", "gateway", "notifications", "sales")


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A node with nothing on it, and the environment in which docker-compose runs the tool."""
    api = free_ports(1)
    node = start_rabbitmq(
        tmp_path / "bare",
        settings=f"management.tcp.port = {api}\nmanagement.tcp.ip = 127.0.0.1\n",
        plugins="[rabbitmq_management].",
    )
    url = node.new_vhost("trato")
    monkeypatch.setenv("BROKER_URL", url)
    monkeypatch.setenv("BROKER_MANAGEMENT", f"http://127.0.0.1:{api}")
    for name in PARTS:
        monkeypatch.setenv(f"{name.upper()}_BROKER_PASSWORD", f"secret-of-{name}")
    yield url
    node.stop()


def publishes(url, user, exchange, key):
    parts = urlsplit(url)
    credentials = pika.PlainCredentials(user, f"secret-of-{user}")
    where = pika.ConnectionParameters(parts.hostname, parts.port, parts.path.lstrip("/"), credentials)
    with pika.BlockingConnection(where) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        try:
            channel.basic_publish(exchange, key, b"{}")
        except ChannelClosedByBroker as refused:
            return {403: False}[refused.reply_code]
        return True


def test_each_part_gets_its_user_on_a_bare_broker_and_again_on_one_that_is_ready(bare, capsys):
    for _ in range(2):
        assert broker_setup.main() == 0
        assert "broker ready for gateway, administration" in capsys.readouterr().out
    assert publishes(bare, "contacts", "crm.events", "crm.contacts.thing_done.v1")
    assert not publishes(bare, "contacts", "crm.events", "crm.sales.thing_done.v1")
    assert not publishes(bare, "gateway", "crm.events", "crm.contacts.thing_done.v1")
    assert not publishes(bare, "gateway", "", "contacts.events")
