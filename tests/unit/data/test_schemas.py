from dataclasses import dataclass
from decimal import Decimal

import pytest
from marshmallow import Schema, post_dump
from marshmallow import fields as ma

from chassis import schema
from chassis.errors import ValidationFailed
from chassis.fields import Count, Flag, Internal, Name, ReadOnly, ShortText
from chassis.merge_patch import Partial
from chassis.money import Money
from chassis.schema import schema_for, shape_for
from tests.integration.data.sample import Address, EmailAddress, Kind, Person, PersonSchema, person

WHOLE = {
    "first_name": " Ana ",
    "emails": [{"address": "A@B.es", "kind": "home"}],
    "fee": {"amount": "3", "currency": "EUR"},
    "address": {"street": "Mayor 1", "deposit": {"amount": "1", "currency": "JPY"}},
    "tags": ["x"],
}


def pointers(refusal) -> set[str]:
    return {error.get("pointer", error.get("parameter")) for error in refusal.value.params["errors"]}


def test_loading_answers_python_values():
    loaded = schema.load(PersonSchema, WHOLE)
    assert loaded["emails"] == [EmailAddress("A@b.es", Kind.HOME)]
    assert loaded["address"] == Address("Mayor 1", deposit=Money(Decimal(1), "JPY"))
    assert loaded["first_name"] == "Ana"
    assert "last_name" not in loaded  # the model's own default is the one


def test_every_wrong_field_is_named_at_once():
    wrong = {
        **WHOLE,
        "nobody": 1,
        "id": "x",
        "version": 1,
        "score": 8,
        "secret": "x",
        "full_name": "x",
        "emails": [{}, {"address": "a@b.es", "x": 1}],
        "tags": ["a"] * 6,
        "first_name": None,
    }
    with pytest.raises(ValidationFailed) as refusal:
        schema.load(PersonSchema, wrong)
    assert pointers(refusal) == {
        *(f"/{name}" for name in ("nobody", "id", "version", "score", "secret", "full_name", "tags", "first_name")),
        "/emails/0/address",
        "/emails/1/x",
    }


@pytest.mark.parametrize("data", [None, [], "x", 3, [WHOLE]])
def test_a_body_that_is_no_object_is_refused(data):
    with pytest.raises(ValidationFailed) as refusal:
        schema.load(PersonSchema, data)
    assert pointers(refusal) == {""}


def test_what_is_required_follows_from_the_model():
    with pytest.raises(ValidationFailed) as refusal:
        schema.load(PersonSchema, {})
    assert pointers(refusal) == {"/first_name", "/fee"}


def test_internal_stays_inside_and_write_only_never_comes_out():
    shown = schema.dump(PersonSchema, person(password="x", secret="y"))
    assert not {"password", "secret", "event_count", "search_document"} & set(shown)
    assert shown["full_name"] == "Ana"
    assert next(iter(shown)) == "id"


def rich() -> Person:
    loaded = schema.load(
        PersonSchema,
        {
            **WHOLE,
            "born_on": "1980-02-29",
            "met_at": "2026-01-31T10:30:00.123456+01:00",
            "share": "12.5",
            "weight": "7",
            "worth": {"amount": "5", "currency": "EUR"},
            "site": "https://a.es",
            "rank": 3,
            "custom": {"a": [1, {"b": None}]},
            "manager_id": "01890a5d-ac96-774b-bcce-b302099a8057",
        },
    )
    return Person(**loaded)


@pytest.mark.parametrize("who", [rich, person], ids=["full", "sparse"])
def test_the_fast_way_out_and_marshmallow_say_the_same_in_the_same_order(who):
    found = who()
    fast, slow = schema.dump(PersonSchema, found), PersonSchema().dump(found)
    assert fast == slow
    assert list(fast) == list(slow)


def test_the_fast_way_out_knows_computed_fields_hooks_mappings_and_other_fields():
    class Hooked(Schema):
        a = ma.Integer()

        @post_dump
        def more(self, data, **_):
            return {**data, "b": 1}

    class Plain(Schema):
        a = ma.Method("double")
        b = ma.Nested(Hooked)
        c = ma.String(data_key="see")
        d = ma.String(dump_default="x")
        e = ma.List(ma.Nested(Hooked))
        f = ma.String(attribute="b.a")

        def double(self, obj):
            return 2

    source = {"b": {"a": 1}, "c": "x", "e": [{"a": 1}]}
    for shape in (Hooked, Plain):
        assert schema.dump(shape, source) == shape().dump(source)


def test_a_dump_is_plain_json():
    import orjson

    assert orjson.loads(
        orjson.dumps(
            schema.dump(PersonSchema, rich()), option=orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
        )
    )


def test_a_patch_changes_what_it_names_and_merges_nested_objects():
    found = rich()
    patch = {
        "address": {"city": "León", "deposit": None},
        "fee": {"amount": "9"},
        "rank": None,
        "tags": [],
        "custom": {"a": None, "b": 1},
    }
    loaded = schema.load(PersonSchema, patch, partial=True)
    assert isinstance(loaded["address"], Partial)
    found.apply(loaded)
    assert found.address == Address("Mayor 1", city="León")
    assert found.fee == Money(Decimal(9), "EUR")
    assert (found.rank, list(found.tags), found.custom) == (None, [], {"b": 1})
    assert found.first_name == "Ana"


def test_a_patch_is_checked_in_its_parts_and_as_a_whole():
    with pytest.raises(ValidationFailed) as refusal:
        schema.load(PersonSchema, {"address": {"country": "XX", "x": 1}, "fee": {"x": 1}}, partial=True)
    assert pointers(refusal) == {"/address/country", "/address/x", "/fee"} or "/fee" not in pointers(refusal)
    empty = person()
    with pytest.raises(ValidationFailed) as refusal:
        empty.apply(schema.load(PersonSchema, {"address": {"city": "León"}}, partial=True))
    assert pointers(refusal) == {"/address/street"}
    with pytest.raises(ValidationFailed) as refusal:
        empty.apply(schema.load(PersonSchema, {"fee": {"amount": "1.234"}}, partial=True))
    assert pointers(refusal) == {"/fee/amount"}


def test_a_list_in_a_patch_is_whole():
    with pytest.raises(ValidationFailed) as refusal:
        schema.load(PersonSchema, {"emails": [{"kind": "home"}]}, partial=True)
    assert pointers(refusal) == {"/emails/0/address"}


@dataclass(frozen=True)
class Question:
    """What somebody asks."""

    text: Name
    times: Count = 1
    loud: Flag = False
    names: list[ShortText] | None = None
    hidden: Internal[ShortText] = "h"
    answer: ReadOnly[ShortText] | None = None


def test_a_dataclass_is_a_shape_too():
    shape = shape_for(Question)
    assert schema.load(shape, {"text": "hi"}) == {"text": "hi", "times": 1, "loud": False, "names": None}
    assert schema.dump(shape, Question("hi")) == {
        "text": "hi",
        "times": 1,
        "loud": False,
        "names": None,
        "answer": None,
    }
    assert shape_for(Question) is shape


def test_parameters_are_text_and_errors_name_them():
    shape = shape_for(Question)
    loaded = schema.load(shape, {"text": "hi", "times": "3", "loud": "true", "names": "a"}, parameters=True)
    assert (loaded["times"], loaded["loud"], loaded["names"]) == (3, True, ["a"])
    with pytest.raises(ValidationFailed) as refusal:
        schema.load(shape, {"text": ["a", "b"], "times": "x", "loud": "1", "what": "1"}, parameters=True, locale="es")
    assert pointers(refusal) == {"text", "times", "loud", "what"}


def test_a_schema_may_leave_out_and_be_named():
    small = schema_for(Person, name="SmallSchema", exclude=["custom", "emails"])
    assert small.__name__ == "SmallSchema"
    assert not {"custom", "emails"} & set(small().fields)


def test_an_unknown_attribute_is_a_mistake_of_the_programmer():
    with pytest.raises(TypeError, match="no attribute"):
        person(frist_name="x")
