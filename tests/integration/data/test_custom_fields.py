import pytest

from chassis import custom_fields, history
from chassis.db.paging import PageRequest
from chassis.errors import ValidationFailed
from tests.integration.data.sample import PERSON_FILTERS, Base, Person, person

DEFINITIONS = [
    {"name": "tier", "kind": "choice", "options": [{"value": "gold", "labels": {}}, "silver"], "default": "silver"},
    {"name": "visits", "kind": "integer"},
    {"name": "ratio", "kind": "number"},
    {"name": "vip", "kind": "flag"},
    {"name": "since", "kind": "day"},
    {"name": "seen", "kind": "instant"},
    {"name": "colours", "kind": "choices", "options": ["red", "blue"]},
    {"name": "mail", "kind": "email"},
    {"name": "mobile", "kind": "phone"},
    {"name": "page", "kind": "url"},
    {"name": "exact", "kind": "decimal"},
    {"name": "remark", "kind": "long_text"},
]


@pytest.fixture
def defined(work):
    with work() as uow:
        for definition in DEFINITIONS:
            custom_fields.define(uow.session, Base.metadata, resource="people", **definition)


def refused(work, custom) -> dict[str, str]:
    with pytest.raises(ValidationFailed) as refusal, work(locale="en") as uow:
        uow.add(person(custom=custom))
    return {error["pointer"]: error["detail"] for error in refusal.value.params["errors"]}


def test_values_are_tidied_and_defaults_given(work, defined, database):
    with work() as uow:
        found = uow.add(
            person(
                custom={
                    "visits": 3,
                    "mail": "Eva@EXAMPLE.com",
                    "mobile": "911234567",
                    "colours": ["red"],
                    "exact": "1.5",
                }
            )
        )
        uow.flush()
        assert found.custom == {
            "visits": 3,
            "mail": "Eva@example.com",
            "mobile": "+34911234567",
            "colours": ["red"],
            "exact": "1.500000",
            "tier": "silver",
        }


def test_each_wrong_value_is_pointed_at(work, defined):
    wrong = {
        "tier": "tin",
        "visits": "3",
        "ratio": "x",
        "vip": 1,
        "since": "31/01/2026",
        "seen": "2026-01-31T09:30:00",
        "colours": ["red", "red"],
        "mail": "x",
        "page": "ftp://x",
        "nobody": 1,
    }
    assert set(refused(work, wrong)) == {f"/custom/{name}" for name in wrong}


def test_a_required_field_is_demanded_of_new_records_and_may_not_be_emptied(work):
    with work() as uow:
        old = uow.add(person()).id
    with work() as uow:
        custom_fields.define(uow.session, Base.metadata, resource="people", name="code", kind="text", required=True)
        with pytest.raises(ValidationFailed, match="wrong"), uow.savepoint():
            uow.add(person())
        new = uow.add(person(custom={"code": "A"})).id
    with work() as uow:
        uow.change(Person, old).first_name = "Eva"
    with pytest.raises(ValidationFailed), work() as uow:
        uow.get(Person, new).custom = {}


def test_a_retired_field_keeps_its_value_and_blocks_nothing(work, defined):
    with work() as uow:
        id_ = uow.add(person(custom={"visits": 3})).id
    with work() as uow:
        custom_fields.retire(uow.session, Base.metadata, resource="people", name="visits")
    with work() as uow:
        found = uow.get(Person, id_)
        found.custom = {**found.custom, "vip": True}
        uow.flush()
        assert found.custom == {"visits": 3, "vip": True, "tier": "silver"}


def test_each_custom_field_has_its_own_history(work, defined, database):
    with work() as uow:
        id_ = uow.add(person(custom={"visits": 3})).id
    with work() as uow:
        found = uow.get(Person, id_)
        found.custom = {**found.custom, "visits": 4}
    with database.read() as session:
        (change,) = history.of_record(session, Base.metadata, "people", id_)
    assert (change.field, change.old, change.new) == ("custom.visits", 3, 4)


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"custom.tier": "gold"}, ["A"]),
        ({"custom.vip": "true"}, ["A"]),
        ({"custom.vip": "false"}, ["B"]),
        ({"custom.visits": "10"}, ["B"]),
        ({"custom.visits_gte": "9"}, ["B"]),
        ({"custom.ratio_lt": "1"}, ["A"]),
        ({"custom.since_gte": "2026-01-02"}, ["B"]),
        ({"custom.colours": "blue"}, ["B"]),
        ({"custom.visits_in": "2,10"}, ["A", "B"]),
        ({"custom.remark_contains": "HOLA"}, ["B"]),
        ({"custom.since_is_null": "true"}, ["C"]),
        ({"custom.vip_ne": "true"}, ["B", "C"]),
    ],
)
def test_lists_filter_by_custom_fields(work, defined, database, parameters, names):
    import sqlalchemy as sa

    with work() as uow:
        uow.add(person("A", custom={"tier": "gold", "vip": True, "visits": 2, "ratio": 0.5, "since": "2026-01-01"}))
        b = {"vip": False, "visits": 10, "since": "2026-02-01", "colours": ["red", "blue"], "remark": "¡Hola!"}
        uow.add(person("B", custom=b))
        uow.add(person("C"))
    request = PageRequest.parse({**parameters, "sort": "first_name"}, PERSON_FILTERS, secret="s" * 32)
    with database.read() as session:
        assert [found.first_name for found in request.apply(sa.select(Person), session).items] == names
