"""A request's trace goes through the service into what it tells and what it logs."""

import logging

import pytest

from chassis.clock import epoch_seconds
from chassis.context import ANONYMOUS
from chassis.envelope import Envelope
from chassis.errors import Refusal
from chassis.ops import logs, tracing
from tests.kit.service import SECRET, TestedService, somebody

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def service(tmp_path):
    service = TestedService.on("administration", f"sqlite:///{tmp_path}/administration.sqlite3")
    yield service
    service.database.dispose()


def ask(service, operation, data=None, actor=ANONYMOUS):
    headers = {"nameko.traceparent": PARENT, "nameko.request_id": "req-1"}
    if actor is not ANONYMOUS:
        headers["nameko.actor"] = actor.sign(SECRET, expires_at=epoch_seconds() + 60)
    return service.operations[operation](headers, [], {"data": data, "params": None})


def test_what_a_request_tells_carries_its_trace_and_its_request_id(service):
    ask(service, "create_group", {"name": "Sales"}, somebody())
    told: Envelope = service.told()[-1]
    trace = tracing.parse(told.traceparent)
    assert trace.trace_id == "0af7651916cd43dd8448eb211c80319c"
    assert trace.span_id != "b7ad6b7169203331"
    assert told.correlation_id == "req-1"


def test_what_goes_wrong_inside_is_logged_with_the_request_that_it_spoiled(service, monkeypatch):
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(logs.fields(record))

    def broken(*_args, **_more):
        raise RuntimeError("the inside")

    monkeypatch.setattr(service.operations["create_group"], "method", broken)
    handler = Keep()
    logging.getLogger().addHandler(handler)
    try:
        with pytest.raises(Refusal) as refusal:
            ask(service, "create_group", {"name": "Sales"}, somebody())
    finally:
        logging.getLogger().removeHandler(handler)
    assert "the inside" not in str(refusal.value)
    (line,) = [each for each in lines if each["level"] == "ERROR"]
    assert line["request_id"] == "req-1"
    assert line["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert line["service"] == "administration"
    assert line["method"] == "administration.create_group"
