"""Calls over ``amqps://``, with a certificate that is checked."""

import os
import ssl
import subprocess
import sys
import time
from pathlib import Path

import eventlet
import orjson
import pytest

from chassis.bus.connection import connect
from tests.broker.rpc.a_service import new_service
from tests.broker.rpc.conftest import ROOT
from tests.broker.rpc.patience import PatientClient, running
from tests.kit.certificates import write_certificate
from tests.kit.rabbitmq import free_ports, start_rabbitmq

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("tls"), addresses=("127.0.0.1",))


@pytest.fixture(scope="module")
def node(folder):
    port = free_ports(4)
    settings = (
        f"listeners.ssl.default = 127.0.0.1:{port + 3}\nssl_options.verify = verify_none\n"
        f"ssl_options.certfile = {folder}/certificate.pem\nssl_options.keyfile = {folder}/key.pem\n"
        f"ssl_options.cacertfile = {folder}/certificate.pem\n"
    )
    node = start_rabbitmq(folder / "node", port, settings=settings)
    yield node
    node.kill()


@pytest.fixture
def url(node) -> str:
    return f"amqps://guest:guest@127.0.0.1:{node.port + 3}/%2F"


@pytest.fixture
def trusted(monkeypatch, folder) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "certificate.pem"))


@pytest.mark.usefixtures("trusted")
def test_services_and_green_clients_talk(url):
    client = PatientClient(url)
    data = {"text": "x" * 2_000_000}
    with running(url, new_service("target")):
        assert orjson.loads(client.call("target.echo", data=data).body)["data"] == data
        pool = eventlet.GreenPool(20)
        answers = pool.imap(lambda number: client.call("target.echo", str(number)).body, range(100))
        assert list(answers) == [b'{"args":["%d"]}' % number for number in range(100)]
    client.close()


@pytest.mark.usefixtures("trusted")
def test_threads_share_a_client(url):
    code = f"""
import threading, time
from chassis.client import Client
client = Client({url!r})
while not client.is_connected:
    time.sleep(0.01)
def ask(thread):
    for number in range(100):
        text = f"{{thread}}-{{number}}" + "x" * (1000 * (number % 50))
        assert client.call("target.echo", text, timeout=60).body == b'{{"args":["%s"]}}' % text.encode()
        right.append(1)
right = []
threads = [threading.Thread(target=ask, args=(number,)) for number in range(10)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
client.close()
print(len(right))
"""
    with running(url, new_service("target")):
        asking = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=os.environ, stdout=subprocess.PIPE)
        while asking.poll() is None:
            time.sleep(0.05)
        assert asking.stdout is not None
        assert asking.stdout.read() == b"1000\n"


def test_a_broker_that_cannot_prove_who_it_is_is_refused(url):
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(url, name="test")
