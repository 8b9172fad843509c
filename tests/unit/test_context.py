import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import epoch_seconds
from chassis.context import Actor, InvalidActor

SECRET = "s" * 32


def actor(**overrides):
    return Actor(**{"user_id": uuid.uuid4(), "name": "Ana", "permissions": {"people:read": "team"}} | overrides)


def test_a_signed_actor_comes_back_as_it_was():
    ana = actor(groups=frozenset({uuid.uuid4()}), teams=frozenset({uuid.uuid4()}), group_id=uuid.uuid4(), locale="en")
    assert Actor.verify(ana.sign(SECRET, expires_at=epoch_seconds() + 60), SECRET) == ana


@given(st.data())
def test_a_changed_signature_or_payload_is_refused(data):
    # The token must be equally long each time, or the places to change differ from one example to the next.
    token = actor().sign(SECRET, expires_at=4_102_444_800)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda c: c != token[at]))
    with pytest.raises(InvalidActor):
        Actor.verify(token[:at] + other + token[at + 1 :], SECRET)


@pytest.mark.parametrize("token", ["", ".", "abc", "a.b.c", "é.x"])
def test_what_is_no_actor_at_all_is_refused(token):
    with pytest.raises(InvalidActor):
        Actor.verify(token, SECRET)


def test_an_actor_signed_with_another_secret_is_refused():
    with pytest.raises(InvalidActor):
        Actor.verify(actor().sign("t" * 32, expires_at=epoch_seconds() + 60), SECRET)


def test_an_expired_actor_is_refused():
    with pytest.raises(InvalidActor):
        Actor.verify(actor().sign(SECRET, expires_at=epoch_seconds() - 1), SECRET)


@pytest.mark.parametrize(
    ("grants", "scope"),
    [
        ({}, None),
        ({"people:read": "own"}, "own"),
        ({"people:*": "team"}, "team"),
        ({"people:read": "own", "people:*": "all"}, "all"),
        ({"people:read": "all", "*:*": "own"}, "all"),
        ({"companies:read": "all"}, None),
        ({"people:write": "all"}, None),
    ],
)
def test_the_widest_grant_wins(grants, scope):
    assert actor(permissions=grants).scope("people:read") == scope
