"""A broker as the suite declares it, and a department whose user was made as `./trato subscriber` makes it."""

import uuid

import pytest

from chassis.bus import topology
from chassis.bus.connection import connect, let_go
from tests.broker.sdk.department import Department, Teller
from tests.broker.sdk.installed import install
from tests.kit.subscribers import new_subscriber, remove_subscriber

USER = "billing"
SERVICES = ["contacts", "sales"]


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    base = tmp_path_factory.getbasetemp()
    # Workers of one run have folders side by side.
    return install((base.parent if base.name.startswith("popen-") else base) / "sdk")


@pytest.fixture(scope="package")
def suite_url(rabbitmq):
    """A virtual host with what the suite declares."""
    url = rabbitmq.new_vhost()
    declare(url)
    yield url
    rabbitmq.delete_vhost(url)


def declare(url):
    connection = connect(url, "tests")
    topology.declare_shared(connection, topology.Ladder())
    for service in SERVICES:
        topology.declare_service(connection, service, [f"crm.{service}.#"])
    with connection.channel() as channel:
        channel.exchange_declare("nameko-rpc", "topic", durable=True, auto_delete=False)
        channel.queue_declare("rpc-contacts", durable=True, auto_delete=False)
        channel.queue_bind("rpc-contacts", "nameko-rpc", "contacts.*")
    let_go(connection)


@pytest.fixture(scope="package")
def subscriber_url(rabbitmq, suite_url):
    """The URL of a department's own user, as the operator hands it out."""
    yield new_subscriber(rabbitmq, suite_url, USER)
    remove_subscriber(rabbitmq, suite_url, USER)  # a worker that takes over tests of others may come here twice


@pytest.fixture
def department(programs, subscriber_url, tmp_path):
    one = Department(programs, subscriber_url, tmp_path, f"{USER}.{uuid.uuid4().hex[:8]}")
    yield one
    one.close()


@pytest.fixture
def teller(suite_url):
    return Teller(suite_url)
