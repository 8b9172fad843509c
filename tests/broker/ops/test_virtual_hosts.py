"""The broker that tests share stays whole for those who come next."""

import pytest

from tests.broker.sdk.conftest import declare


@pytest.mark.slow
def test_a_virtual_host_may_go_as_soon_as_its_broker_is_back(rabbitmq):
    url = rabbitmq.new_vhost()
    declare(url)
    rabbitmq.restart()
    rabbitmq.delete_vhost(url)

    next_one = rabbitmq.new_vhost()
    declare(next_one)
    rabbitmq.delete_vhost(next_one)
