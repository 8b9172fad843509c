from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import contacts as make
from tests.kit.service import somebody


@pytest.fixture
def manager(contacts):
    return contacts.ask("create_relation_type", data=make.relation_type_data()).body


@pytest.fixture
def friend(contacts):
    return contacts.ask("create_relation_type", data=make.friendship_data()).body


def add(contacts, person, other, relation_type, **more):
    data = {"type_id": relation_type["id"], "other_id": other["id"], **more}
    return contacts.ask("add_person_relation", person["id"], data=data)


def shown(contacts, person, **how):
    relations = contacts.ask("list_person_relations", person["id"], **how).body
    return [(each["name"], each["other_name"], each["ends_on"]) for each in relations]


def test_a_relation_is_shown_from_either_side_by_its_own_name(contacts, ana, luis, manager):
    add(contacts, ana, luis, manager)

    assert shown(contacts, ana) == [("is manager of", "Luis Romero", None)]
    assert shown(contacts, luis) == [("reports to", "Ana García", None)]
    assert shown(contacts, luis, locale="es") == [("depende de", "Ana García", None)]


def test_a_relation_can_be_added_from_the_other_side(contacts, ana, luis, manager):
    add(contacts, luis, ana, manager, inverse=True)

    assert shown(contacts, ana) == [("is manager of", "Luis Romero", None)]


def test_the_same_pair_and_type_cannot_be_added_twice_from_either_side(contacts, ana, luis, manager, friend):
    add(contacts, ana, luis, manager)
    add(contacts, ana, luis, friend)

    for person, other, kind, inverse in (
        (ana, luis, manager, False),
        (luis, ana, manager, True),
        (ana, luis, friend, False),
        (luis, ana, friend, False),
    ):
        data = {"type_id": kind["id"], "other_id": other["id"], "inverse": inverse}
        assert contacts.refused("add_person_relation", person["id"], data=data).slug == "relation-exists"
    add(contacts, luis, ana, manager)


def test_an_ended_relation_stays_as_history_and_may_begin_again(contacts, ana, luis, manager):
    relation = add(contacts, ana, luis, manager).body

    contacts.ask("end_relation", relation["id"], data={"ends_on": "2030-01-01"})
    assert contacts.refused("end_relation", relation["id"], data={}).slug == "relation-has-ended"
    add(contacts, ana, luis, manager)

    assert shown(contacts, ana) == [
        ("is manager of", "Luis Romero", None),
        ("is manager of", "Luis Romero", "2030-01-01"),
    ]
    assert [e.type.split(".")[2] for e in contacts.told()][-3:] == [
        "relation_added",
        "relation_ended",
        "relation_added",
    ]


def test_a_relation_joins_only_the_kinds_it_is_made_for(contacts, ana, acme, manager):
    data = {"type_id": manager["id"], "other_id": acme["id"]}
    refusal = contacts.refused("add_person_relation", ana["id"], data=data)
    assert refusal.slug == "relation-joins-others"
    assert "is manager of" in refusal.detail
    spanish = contacts.refused("add_person_relation", ana["id"], data=data, locale="es").detail
    assert "une los tipos persona y persona" in spanish
    data = {"type_id": manager["id"], "other_id": ana["id"]}
    assert contacts.refused("add_person_relation", ana["id"], data=data).slug == "related-to-itself"


def test_informal_relations_are_hidden_from_who_may_not_know_of_them(contacts, ana, luis, manager, friend):
    add(contacts, ana, luis, manager)
    add(contacts, ana, luis, friend)
    formal = somebody("Eva", people_read="all", relations_read="all")
    trusted = somebody("Eva", people_read="all", relations_read="all", informal__relations_read="all")

    assert [name for name, _, _ in shown(contacts, ana, by=formal)] == ["is manager of"]
    assert len(shown(contacts, ana, by=trusted)) == 2


def test_the_other_side_has_no_name_for_who_may_not_see_it(contacts, luis, manager):
    seller = somebody("Eva", people_read="own", people_write="own", relations_read="all")
    mine = contacts.ask("create_person", data=make.person_data(), by=seller).body
    add(contacts, mine, luis, manager)

    [relation] = contacts.ask("list_person_relations", mine["id"], by=seller).body

    assert (relation["hidden"], relation["other_name"], relation["other_id"]) == (True, None, luis["id"])


def test_a_relation_type_in_use_is_not_deleted_and_keeps_its_meaning(contacts, ana, luis, manager):
    add(contacts, ana, luis, manager)

    assert contacts.refused("delete_relation_type", manager["id"]).slug == "entry-in-use"
    assert (
        contacts.refused("update_relation_type", manager["id"], data={"formal": False}, version=1).slug
        == "entry-in-use"
    )
    renamed = contacts.ask("update_relation_type", manager["id"], data={"name": {"en": "leads"}}, version=1).body
    assert renamed["name"] == {"es": "es responsable de", "en": "leads"}
    assert contacts.refused("create_relation_type", data=make.relation_type_data()).slug == "name-is-taken"


def test_who_works_where_is_shown_from_either_side(contacts, ana, acme):
    job = contacts.ask("create_employment", data={"person_id": ana["id"], "company_id": acme["id"], "role": "CEO"}).body

    assert contacts.ask("get_person", ana["id"]).body["employments"][0]["company_name"] == "Acme, S.L."
    [employee] = contacts.ask("list_employments", params={"company_id": acme["id"]}).body["items"]
    assert (employee["person_name"], employee["role"]) == ("Ana García", "CEO")
    twice = {"person_id": ana["id"], "company_id": acme["id"], "role": "CEO"}
    assert contacts.refused("create_employment", data=twice).slug == "already-employed"

    ended = contacts.ask("end_employment", job["id"]).body
    assert ended["ends_on"] == str(datetime.now(UTC).date())
    assert contacts.ask("list_people", params={"company_id": acme["id"]}).body["items"] == []
    assert contacts.told()[-1].type == "crm.contacts.employment_ended.v1"


def test_only_one_employment_is_the_primary_one(contacts, ana, acme):
    other = contacts.ask("create_company", data=make.company_data()).body
    for company in (acme, other):
        data = {"person_id": ana["id"], "company_id": company["id"], "role": "CEO", "primary": True}
        contacts.ask("create_employment", data=data)

    employments = contacts.ask("get_person", ana["id"]).body["employments"]

    assert [(each["company_id"], each["primary"]) for each in employments] == [(other["id"], True), (acme["id"], False)]


def test_an_employment_cannot_end_before_it_starts(contacts, ana, acme):
    data = {"person_id": ana["id"], "company_id": acme["id"], "starts_on": "2030-02-01", "ends_on": "2030-01-01"}

    assert contacts.refused("create_employment", data=data).slug == "ends-before-it-starts"


def test_interests_have_a_weight_and_are_told_when_it_changes(contacts, ana):
    fibre = contacts.ask("create_interest", data={"slug": "fibre", "name": "Fibra"}).body
    for weight in (40, 80, 80):
        contacts.ask("set_person_interest", ana["id"], fibre["id"], data={"weight": weight})

    [interest] = contacts.ask("list_person_interests", ana["id"]).body
    assert (interest["interest"], interest["weight"]) == ("Fibra", 80)
    assert [e.data["weight"] for e in contacts.told() if e.type.endswith("interest_registered.v1")] == [40, 80]
    assert contacts.ask("list_people", params={"interest_id": fibre["id"]}).body["items"][0]["id"] == ana["id"]
    assert contacts.refused("delete_interest", fibre["id"]).slug == "entry-in-use"
    assert contacts.refused("set_person_interest", ana["id"], fibre["id"], data={"weight": 0}).status == 422

    contacts.ask("remove_person_interest", ana["id"], fibre["id"])
    assert contacts.ask("list_person_interests", ana["id"]).body == []
    assert contacts.told()[-1].type == "crm.contacts.interest_removed.v1"
    contacts.ask("delete_interest", fibre["id"])


def test_an_interest_that_is_switched_off_takes_no_new_contacts(contacts, ana):
    fibre = contacts.ask("create_interest", data={"slug": "fibre", "name": "Fibra", "active": False}).body

    assert contacts.refused("set_person_interest", ana["id"], fibre["id"], data={}).slug == "is-switched-off"


@pytest.mark.parametrize(
    ("facts", "real"),
    [
        ({"channel": "email", "direction": "inbound"}, True),
        ({"channel": "email", "direction": "outbound"}, False),
        ({"channel": "phone", "direction": "outbound", "outcome": "reached"}, True),
        ({"channel": "phone", "direction": "outbound", "outcome": "not_reached"}, False),
        ({"channel": "visit", "direction": "outbound"}, True),
        ({"channel": "letter", "direction": "outbound"}, False),
    ],
)
def test_an_interaction_is_real_when_the_contact_took_part(contacts, ana, facts, real):
    data = make.interaction_data(person_id=ana["id"], **facts)

    assert contacts.ask("create_interaction", data=data).body["real"] is real


def test_an_interaction_names_somebody_and_has_happened(contacts, ana):
    assert contacts.refused("create_interaction", data=make.interaction_data()).slug == "nobody-is-named"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    data = make.interaction_data(person_id=ana["id"], occurred_at=tomorrow)
    assert contacts.refused("create_interaction", data=data).slug == "not-yet-happened"


def test_one_message_is_recorded_once(contacts, ana):
    data = make.interaction_data(person_id=ana["id"], reference="<1@acme.example>")
    first = contacts.ask("create_interaction", data=data).body

    refusal = contacts.refused("create_interaction", data=data)

    assert (refusal.slug, refusal.params["id"]) == ("already-recorded", first["id"])


def test_an_interaction_with_somebody_out_of_reach_is_refused(contacts, ana):
    stranger = somebody("Eva", people_read="own", interactions_write="all")

    assert (
        contacts.refused("create_interaction", data=make.interaction_data(person_id=ana["id"]), by=stranger).status
        == 404
    )
