"""Making subscribers at a real broker, by `rabbitmqctl` as the launcher does and by the management API."""

import pika
import pytest
from pika.exceptions import AMQPConnectionError, ChannelClosedByBroker

from tests.broker.sdk.conftest import SERVICES
from tests.kit.rabbitmq import free_ports, start_rabbitmq
from tools import subscribers
from tools.broker_management import Management
from tools.launcher.broker_control import Rabbitmqctl

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    api = free_ports(1)
    one = start_rabbitmq(
        tmp_path_factory.mktemp("managed"),
        settings=f"management.tcp.port = {api}\nmanagement.tcp.ip = 127.0.0.1\n",
        plugins="[rabbitmq_management].",
    )
    one.api = f"http://guest:guest@127.0.0.1:{api}"
    yield one
    one.stop()


@pytest.fixture(params=["rabbitmqctl", "management"])
def broker(node, request):
    """One way to administer a virtual host, the host's URL, and what the operator asks for."""
    url = node.new_vhost(f"trato-{request.param}")
    vhost = f"trato-{request.param}"
    # Rights to an exchange are granted where it is; a suite that runs has it.
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        connection.channel().exchange_declare("crm.events", "topic", durable=True)
    way = Management.at(node.api, vhost) if request.param == "management" else Rabbitmqctl(*node.control, vhost)

    def carry_out(name=None, *, renew=False, gone=False):
        return subscribers.carry_out(way, url, name, SERVICES, renew=renew, gone=gone).strip()

    yield url, carry_out
    node.delete_vhost(url)


def enters(url):
    try:
        pika.BlockingConnection(pika.URLParameters(url)).close()
    except AMQPConnectionError:
        return False
    return True


def test_a_new_password_ends_the_old_one_and_removing_takes_the_queues_along(broker):
    suite_url, carry_out = broker
    first = carry_out("stock-taking")
    with pytest.raises(subscribers.NotPossible, match="--renew"):
        carry_out("stock-taking")
    second = carry_out("stock-taking", renew=True)
    assert (enters(first), enters(second)) == (False, True)
    with pika.BlockingConnection(pika.URLParameters(second)) as connection:
        channel = connection.channel()
        channel.exchange_declare("stock-taking.subscription", "direct", durable=True)
        channel.queue_declare("stock-taking.subscription", durable=True, arguments={"x-queue-type": "quorum"})
        with pytest.raises(ChannelClosedByBroker):
            channel.queue_declare("contacts.events")
    assert carry_out() == "stock-taking"
    carry_out("stock-taking", gone=True)
    assert not enters(second)
    assert carry_out() == ""
    with pika.BlockingConnection(pika.URLParameters(suite_url)) as connection:
        for ask in ("queue_declare", "exchange_declare"):
            with pytest.raises(ChannelClosedByBroker) as caught:
                getattr(connection.channel(), ask)("stock-taking.subscription", passive=True)
            assert caught.value.reply_code == 404


@pytest.mark.parametrize("broker", ["management"], indirect=True)
def test_a_user_who_is_no_subscriber_is_left_alone(broker):
    _, carry_out = broker
    for name, slug in (("nobody", "unknown"), ("guest", "foreign")):
        for options in ({"renew": True}, {"gone": True}):
            with pytest.raises(subscribers.NotPossible) as caught:
                carry_out(name, **options)
            assert caught.value.slug == ("unfit" if name == "guest" and "renew" in options else slug)
