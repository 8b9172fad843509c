"""Bodies of replies: written once, read only where they must be."""

import orjson
import pytest
from nameko.exceptions import deserialize, serialize

from chassis.bus.client_errors import RemoteFailure, RemoteRefusal, raised_there
from chassis.bus.wire import NotAnAnswer, failure, opened, success
from chassis.errors import NotFound, Refusal


def test_a_result_passes_unread():
    assert opened(success(b'{"a" : 1}')) == (b'{"a" : 1}', None)


def test_a_stock_services_reply_is_read():
    assert opened(b'{"result": {"a": [1, 2]}, "error": null}') == (b'{"a":[1,2]}', None)


def test_a_refusal_keeps_the_types_of_its_parameters():
    refusal = NotFound(id="5", limit=3).to_wire("es")
    _, error = opened(failure(refusal))
    raised = raised_there(error)
    assert isinstance(raised, RemoteRefusal)
    assert raised.args == refusal.args == (404, "not-found", refusal.detail, {"id": "5", "limit": 3})


def test_a_refusal_that_came_from_another_service_travels_on_as_a_refusal():
    _, error = opened(failure(RemoteRefusal(409, "taken", "Taken.", {})))
    assert error["exc_path"] == "chassis.errors.Refusal"
    assert isinstance(raised_there(error), Refusal)


def test_a_stock_client_reads_our_errors_as_its_own():
    error = orjson.loads(failure(KeyError("x")))["error"]
    assert error == serialize(KeyError("x")) | {"exc_path": "builtins.KeyError"}
    assert deserialize(error).exc_type == "KeyError"


def test_a_failure_shows_the_public_nothing_of_itself():
    _, error = opened(failure(ValueError("password=hunter2")))
    raised = raised_there(error)
    assert isinstance(raised, RemoteFailure)
    assert "hunter2" not in str(raised.args)


@pytest.mark.parametrize("reply", [b"", b"[]", b"5", b"{}", b'{"result":1', b"\xff"])
def test_what_is_no_reply_is_refused(reply):
    with pytest.raises(NotAnAnswer):
        opened(reply)
