"""The fast way in and marshmallow agree: on what right data becomes, and on what is not right."""

import copy

import pytest
from marshmallow import ValidationError

from chassis.loading import NotRight, loader
from services.contacts.schemas import NewInteractionSchema, NewPersonSchema, PersonSchema

PERSON = {
    "first_name": " Ana ",
    "last_name": "Núñez",
    "birth_on": "1980-02-29",
    "country": "ES",
    "links": ["customer"],
    "emails": [{"address": "ana@EXAMPLE.com", "kind": "work"}, {"address": "b@example.com", "valid": False}],
    "phones": [{"number": "600 11 22 33", "primary": True}],
    "addresses": [{"street": "Mayor 1", "city": "Madrid", "postcode": None}],
    "owner_id": "0198c0de-0000-7000-8000-000000000001",
    "notes": None,
    "influence": 3,
    "custom": {"size": [1, {"a": "b"}]},
}
PLACES = [(name,) for name in PERSON] + [
    ("emails", 0),
    ("emails", 0, "address"),
    ("phones", 0, "primary"),
    ("links", 0),
]
WRONG = (None, 7, True, "", "x" * 5000, [], {}, [None], ["x", "x"], {"unknown": 1}, "\x00", -1, 10**30)


def both(shape, data):
    try:
        slow = shape().load(data)
    except ValidationError:
        slow = None
    try:
        fast = loader(shape)(data)
    except NotRight:
        fast = None
    return slow, fast


@pytest.mark.parametrize("shape", [NewPersonSchema, PersonSchema])
def test_right_data_becomes_the_same(shape):
    slow, fast = both(shape, copy.deepcopy(PERSON))
    assert slow is not None
    assert fast == slow
    for name in PERSON:
        slow, fast = both(shape, {key: value for key, value in PERSON.items() if key != name})
        assert fast == slow


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "/".join(map(str, place)))
def test_what_stands_at_any_place_is_judged_the_same(place):
    for value in WRONG:
        data = copy.deepcopy(PERSON)
        at = data
        for step in place[:-1]:
            at = at[step]
        at[place[-1]] = value
        slow, fast = both(NewPersonSchema, data)
        assert fast == slow, (place, value)


@pytest.mark.parametrize("data", [None, [], "x", 7, {}, {"first_name": "Ana", "": 1}, {"first_name": "Ana", "id": "x"}])
def test_what_is_no_record_is_no_record_for_both(data):
    slow, fast = both(NewPersonSchema, data)
    assert fast == slow


def test_other_shapes_have_a_fast_way_too():
    assert loader(NewInteractionSchema) is not None
