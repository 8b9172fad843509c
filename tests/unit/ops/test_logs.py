"""What a log line says, and what it must never say."""

import json
import logging
import uuid

import pytest

from chassis.context import Actor, Call, calling
from chassis.ops import logs

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def line():
    def log(message, *args, exc_info=None, **extra):
        record = logging.getLogger("trato.test").makeRecord(
            "trato.test", logging.INFO, "file", 1, message, args, exc_info, extra=extra
        )
        return json.loads(logs.JsonFormatter().format(record))

    return log


def test_a_line_names_the_request_the_trace_the_actor_and_the_method(line):
    user = uuid.uuid4()
    call = Call(actor=Actor(user_id=user), request_id="req-1", traceparent=TRACE, method="contacts.get_person")
    with calling(call), logs.about("contacts"):
        told = line("looked up %d", 3)
    assert told["msg"] == "looked up 3"
    assert told["service"] == "contacts"
    assert told["method"] == "contacts.get_person"
    assert told["request_id"] == "req-1"
    assert told["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert told["span_id"] == "b7ad6b7169203331"
    assert told["actor_id"] == str(user)
    assert told["ts"].endswith("Z")


def test_a_line_outside_any_request_has_no_empty_fields(line):
    assert set(line("started")) == {"ts", "level", "logger", "msg"}


@pytest.mark.parametrize(
    "private",
    [
        "amqp://trato:hunter2@broker:5672",
        "Authorization: Bearer hunter2.abc",
        "write to hunter2@example.com please",
        "call +34 600 123 456 now",
        "(psycopg2.Error) no [SQL: insert] [parameters: {'name': 'hunter2'}]",
        "DETAIL:  Key (email)=(hunter2) already exists.",
    ],
)
def test_private_values_in_a_sentence_are_hidden(line, private):
    told = line("%s", private)
    assert "hunter2" not in told["msg"]
    assert "600 123" not in told["msg"]


@pytest.mark.parametrize("name", ["password", "api_key", "token", "secret_hash", "email", "authorization"])
def test_private_fields_are_hidden_by_their_name(line, name):
    assert line("signed in", **{name: "hunter2"})[name] == "***"


def test_an_error_is_told_without_the_row_that_caused_it(line):
    error = ValueError("Key (phone)=(hunter2) exists")
    told = line("failed", exc_info=(type(error), error, None))
    assert "ValueError" in told["error"]
    assert "(hunter2)" not in told["error"].splitlines()[-1]


def test_one_event_is_one_line(line):
    record = logging.makeLogRecord({"msg": "a\nb", "levelname": "INFO"})
    assert "\n" not in logs.JsonFormatter().format(record)
