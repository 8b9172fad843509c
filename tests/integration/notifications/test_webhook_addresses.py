"""Nobody gets us to call our own network: whatever a name stands for, and wherever an answer points."""

import socket

import pytest

from services.notifications.adapters import addresses
from tests.integration.notifications.test_webhooks import created, log

_PUBLIC = "93.184.215.14"
_METADATA = "169.254.169.254"


@pytest.fixture
def strict(configured):
    """As in production: no internal network may be called."""
    configured(TRATO_WEBHOOK_NETWORKS="none")


@pytest.fixture
def names(monkeypatch):
    """A name server that answers what the test says, one answer after another; the last one stays."""
    answers, asked, real = [], [], socket.getaddrinfo

    def getaddrinfo(host, port, *rest, **more):
        if not str(host).endswith(".example"):
            return real(host, port, *rest, **more)
        asked.append(host)
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    return answers, asked


@pytest.fixture
def connections(monkeypatch):
    """Note where connections go to; what is public cannot be reached from here."""
    made, real = [], socket.create_connection

    def create_connection(address, *rest, **more):
        made.append(address[0])
        if address[0] == _PUBLIC:
            raise ConnectionRefusedError(address[0])
        return real(address, *rest, **more)

    monkeypatch.setattr("services.notifications.adapters.http_post.socket.create_connection", create_connection)
    return made


def make(notifications, url):
    return notifications.ask("create_webhook", data={"name": "Ledger", "url": url, "events": ["crm.#"]}).body


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.", "LOCALHOST", "localhost.",
     "[::]", "[::127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[0:0:0:0:0:ffff:a00:1]",
     "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2001:0:5db8:d70e:0:0:80ff:fffe]",
     "[fec0::1]", "[fe80::1%25eth0]", "[ff02::1]", "[::1]", "192.0.0.8", "198.18.0.1", "240.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_however_an_internal_address_is_written_it_is_refused(notifications, strict, host):
    data = {"name": "Inside", "url": f"https://{host}/", "events": ["crm.#"]}
    assert notifications.refused("create_webhook", data=data).status == 422
    assert notifications.ask("list_webhooks").body["items"] == []


def test_a_name_that_stands_for_something_else_when_it_is_called_is_not_called(
    notifications, strict, names, connections
):
    answers, _ = names
    answers += [[_PUBLIC], [_METADATA]]
    mine = make(notifications, "https://rebind.example/")
    notifications.tell(created())
    notifications.work()
    assert connections == []
    assert "internal address" in log(notifications, mine)[0]["log"][0]["error"]


def test_between_looking_and_calling_nobody_asks_again(notifications, strict, names, connections):
    answers, asked = names
    answers += [[_PUBLIC], [_PUBLIC], ["127.0.0.1"]]
    make(notifications, "https://rebind.example/")
    notifications.tell(created())
    notifications.work()
    assert connections == [_PUBLIC], "the address that was checked is the one that is called"
    assert asked == ["rebind.example"] * 2, "once when the webhook is made, once for the call"


def test_one_internal_address_among_others_is_enough_to_refuse(notifications, strict, names, connections):
    answers, _ = names
    answers += [[_PUBLIC], [_PUBLIC, "10.0.0.1"]]
    make(notifications, "https://both.example/")
    notifications.tell(created())
    notifications.work()
    assert connections == []


def test_a_changed_address_is_checked_again(notifications, strict, names):
    answers, _ = names
    answers += [[_PUBLIC], [_METADATA]]
    mine = make(notifications, "https://good.example/")
    change = {"url": "https://evil.example/"}
    refusal = notifications.refused("update_webhook", mine["id"], data=change, version=mine["version"])
    assert refusal.slug == "internal-address"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_answer_that_points_inside_is_not_followed(notifications, receiver, status, connections):
    mine = make(notifications, receiver.url)
    receiver.status, receiver.location = status, f"http://{_METADATA}/latest/meta-data/"
    notifications.tell(created())
    notifications.work()
    assert connections == ["127.0.0.1"]
    assert log(notifications, mine)[0]["status"] == status
