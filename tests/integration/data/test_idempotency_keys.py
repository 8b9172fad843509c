"""A key is held by one request at a time; whoever comes when it is done gets the answer that was given."""

import pytest

from chassis.bus.wire import Answer
from chassis.context import Actor, Call
from chassis.errors import IdempotencyKeyReused, StillRunning
from chassis.idempotency import Keys, request_hash
from tests.integration.data.sample import Base

SECRET = "a-secret-of-these-tests-only-0123456789"
GIVEN = Answer(b'{"id":1}', {"etag": '"1"'})


def keys(body, key="k-1"):
    call = Call(actor=Actor(kind="service", name="sales"), idempotency_key=key)
    return Keys(Base.metadata, call, "contacts.create", request_hash("contacts.create", [], body, SECRET), SECRET)


def test_while_one_request_holds_the_key_another_is_told_to_wait_and_then_gets_the_same_answer(database):
    with keys("a").claimed(database) as (session, given):
        assert given is None
        with pytest.raises(StillRunning), keys("a").claimed(database):
            pytest.fail("the key was held twice")
        keys("a").store(session, GIVEN)

    with keys("a").claimed(database) as (_, given):
        assert (given.body, given.headers) == (GIVEN.body, {**GIVEN.headers, "x-replayed": "true"})


def test_a_key_whose_request_failed_is_free_again_and_holds_nothing(database):
    with pytest.raises(RuntimeError), keys("a").claimed(database) as (session, _):
        _store_and_fail(session)

    with keys("a").claimed(database) as (_, given):
        assert given is None


def test_the_same_key_for_something_else_is_refused_and_other_keys_are_free(database):
    with keys("a").claimed(database) as (session, _):
        keys("a").store(session, GIVEN)

    with pytest.raises(IdempotencyKeyReused), keys("b").claimed(database):
        pytest.fail("the key was taken for another request")
    with keys("b", key="k-2").claimed(database) as (_, given):
        assert given is None


def _store_and_fail(session):
    keys("a").store(session, GIVEN)
    raise RuntimeError
