"""Any nameko client can ask our services."""

import pytest
from nameko.exceptions import MethodNotFound, RemoteError, UnknownService
from nameko.standalone.rpc import ClusterRpcProxy

pytestmark = pytest.mark.broker


@pytest.fixture
def stock(broker):
    with ClusterRpcProxy({"AMQP_URI": broker}, context_data={"locale": "es"}, timeout=60) as proxy:
        yield proxy


def test_a_stock_client_gets_the_result(start_service, stock):
    start_service()
    assert stock.target.echo("5", data={"name": "Íñigo"}) == {"args": ["5"], "data": {"name": "Íñigo"}}


def test_a_stock_client_may_have_many_calls_under_way(start_service, stock):
    start_service()
    under_way = [stock.target.echo.call_async(str(number)) for number in range(100)]
    assert [reply.result()["args"] for reply in under_way] == [[str(number)] for number in range(100)]


def test_what_a_stock_client_sends_as_context_arrives_as_headers(start_service, stock):
    start_service()
    headers = stock.target.show_headers()
    assert headers["nameko.locale"] == "es"
    assert isinstance(headers["nameko.call_id_stack"], list)


def test_a_stock_client_reads_a_refusal_as_the_remote_error_that_it_is(start_service, stock):
    start_service()
    with pytest.raises(RemoteError, match="There is nothing by that id") as caught:
        stock.target.refuse("5")
    assert caught.value.exc_type == "Refusal"


def test_a_stock_client_is_told_of_a_method_that_does_not_exist(start_service, stock):
    start_service()
    with pytest.raises(MethodNotFound):
        stock.target.no_such_method()


def test_a_stock_client_is_told_of_a_service_that_does_not_run(stock):
    with pytest.raises(UnknownService):
        stock.nobody.echo()
