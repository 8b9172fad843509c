from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from chassis.errors import Refusal
from contracts.administration import ParameterChanged
from tests.factories import contacts as make
from tests.kit.service import somebody


def matches_of(contacts, operation, data, **how):
    refusal = contacts.refused(operation, data=data, **how)
    assert (refusal.status, refusal.slug) == (409, "possible-duplicate")
    return refusal.params["matches"]


def test_the_same_person_again_is_refused_with_the_match(contacts):
    data = make.person_data(last_name="García")
    ana = contacts.ask("create_person", data=data).body

    [match] = matches_of(contacts, "create_person", data)

    assert match == {
        "hidden": False,
        "id": ana["id"],
        "name": "Ana García",
        "certainty": "certain",
        "reasons": ["email_and_last_name", "mobile"],
    }


@pytest.mark.parametrize("kind", ["person", "company"])
def test_an_installation_may_want_no_possible_duplicate_reported(contacts, kind):
    data = make.person_data() if kind == "person" else make.company_data(tax_id="B12345674")
    first = contacts.ask(f"create_{kind}", data=data).body

    contacts.tell(ParameterChanged(key="contacts.duplicate_policy", value="off", old="warn"))
    again = contacts.ask(f"create_{kind}", data=data).body
    contacts.tell(ParameterChanged(key="contacts.duplicate_policy", value="warn", old="off"), sequence=2)

    found = {match["id"] for match in matches_of(contacts, f"create_{kind}", data)}
    assert found == {first["id"], again["id"]}


def test_who_insists_creates_the_person_all_the_same(contacts):
    data = make.person_data()
    contacts.ask("create_person", data=data)

    again = contacts.ask("create_person", data={**data, "allow_duplicate": True})

    assert again.headers["x-id"]
    assert len(contacts.ask("list_people").body["items"]) == 2


def test_a_shared_mailbox_only_warns(contacts):
    contacts.ask("create_person", data={"first_name": "Ana", "emails": [{"address": "info@acme.example"}]})

    [match] = matches_of(contacts, "create_person", {"first_name": "Ana", "emails": [{"address": "INFO@acme.example"}]})

    assert (match["certainty"], match["reasons"]) == ("probable", ["email"])


def test_nearly_the_same_name_in_the_same_postcode_warns(contacts):
    address = [{"postcode": "28001", "city": "Madrid"}]
    contacts.ask("create_person", data={"first_name": "Ana", "last_name": "García López", "addresses": address})

    [match] = matches_of(
        contacts, "create_person", {"first_name": "Ana", "last_name": "Garcia Lopes", "addresses": address}
    )

    assert match["reasons"] == ["name_and_postcode"]


def test_the_same_name_at_the_same_company_warns(contacts, acme):
    employments = [{"company_id": acme["id"], "role": "CEO"}]
    contacts.ask("create_person", data={"first_name": "Ana", "last_name": "Gil", "employments": employments})

    [match] = matches_of(
        contacts, "create_person", {"first_name": "ANA", "last_name": "Gil", "employments": employments}
    )

    assert match["reasons"] == ["name_and_company"]


def test_the_same_tax_identifier_is_the_same_company(contacts, acme):
    [match] = matches_of(contacts, "create_company", {"name": "Otra", "tax_id": "ES-B12345674", "country": "ES"})

    assert (match["id"], match["certainty"], match["reasons"]) == (acme["id"], "certain", ["tax_id"])


def test_a_hidden_match_says_that_it_exists_and_nothing_else(contacts):
    data = make.person_data()
    ana = contacts.ask("create_person", data=data).body
    stranger = somebody("Eva", people_write="all", people_read="own")

    [match] = matches_of(contacts, "create_person", data, by=stranger)

    assert match == {"hidden": True, "certainty": "certain", "owner_id": ana["owner_id"]}


def test_a_deleted_person_warns_nobody_until_restored(contacts):
    data = make.person_data()
    ana = contacts.ask("create_person", data=data).body
    contacts.ask("delete_person", ana["id"])

    again = contacts.ask("create_person", data=data).body
    contacts.ask("restore_person", ana["id"])

    [match] = contacts.ask("list_person_duplicates", again["id"]).body
    assert match["id"] == ana["id"]


def test_a_changed_address_is_recognised_at_once(contacts, ana):
    contacts.ask("update_person", ana["id"], data={"emails": [{"address": "new@acme.example"}]}, version=1)

    [match] = matches_of(
        contacts,
        "create_person",
        {"first_name": "Eva", "last_name": "Gil", "emails": [{"address": "new@acme.example"}]},
    )
    assert match["id"] == ana["id"]
    old = ana["emails"][0]["address"]
    contacts.ask("create_person", data={"first_name": "Eva", "last_name": "Gil", "emails": [{"address": old}]})


def test_a_dismissed_pair_stays_dismissed_until_a_compared_field_changes(contacts):
    data = make.person_data()
    ana = contacts.ask("create_person", data=data).body
    twin = contacts.ask("create_person", data={**data, "allow_duplicate": True}).body
    assert [m["id"] for m in contacts.ask("list_person_duplicates", ana["id"]).body] == [twin["id"]]

    contacts.ask("dismiss_duplicates", data={"contact_id": ana["id"], "other_id": twin["id"]})
    contacts.ask("dismiss_duplicates", data={"contact_id": twin["id"], "other_id": ana["id"]})
    assert contacts.ask("list_person_duplicates", ana["id"]).body == []
    assert contacts.ask("list_person_duplicates", twin["id"]).body == []

    contacts.ask("update_person", twin["id"], data={"job_title": "CEO"}, version=1)
    assert contacts.ask("list_person_duplicates", ana["id"]).body == []

    contacts.ask("update_person", twin["id"], data={"last_name": "Otra"}, version=2)
    assert [m["id"] for m in contacts.ask("list_person_duplicates", ana["id"]).body] == [twin["id"]]


def test_dismissing_needs_the_right_to_change_both(contacts, ana, luis):
    reader = somebody("Eva", people_read="all")

    refusal = contacts.refused("dismiss_duplicates", data={"contact_id": ana["id"], "other_id": luis["id"]}, by=reader)

    assert refusal.status == 403


def test_within_one_list_the_second_of_two_equal_people_is_refused(contacts):
    data = make.person_data()

    results = contacts.ask("bulk_create_people", data={"items": [data, data]}).body["items"]

    assert [result["status"] for result in results] == [201, 409]
    assert results[1]["error"]["code"] == "possible-duplicate"


def test_items_that_are_refused_leave_nothing_and_the_others_stay_once(contacts):
    twin = make.person_data(last_name="Twin", emails=[{"address": "twin@example.com"}])
    others = [make.person_data(last_name=f"Other{n}", emails=[{"address": f"o{n}@example.com"}]) for n in range(110)]
    items = [*others[:3], twin, twin, {"first_name": 7}, *others[3:60], twin, *others[60:]]

    results = contacts.ask("bulk_create_people", data={"items": items}).body["items"]

    statuses = [result["status"] for result in results]
    assert statuses == [201] * 4 + [409, 422] + [201] * 57 + [409] + [201] * 50
    ids = [result["id"] for result in results if result["status"] == 201]
    assert len(set(ids)) == 111
    last_names = [result["record"]["last_name"] for result in results if result["status"] == 201]
    assert last_names == [each["last_name"] for each in [*others[:3], twin, *others[3:]]]
    with contacts.database.read() as session:
        metadata = contacts.database.metadata
        people = [str(id_) for id_ in session.scalars(sa.select(metadata.tables["people"].c.id))]
        told = [str(id_) for id_ in session.scalars(sa.select(metadata.tables["outbox"].c.aggregate_id))]
    assert sorted(people) == sorted(told) == sorted(ids)


@pytest.mark.parametrize("tries", [12])
def test_the_same_person_sent_many_times_at_once_is_created_once(contacts, tries):
    data = make.person_data(personal_id="12345678Z")

    def create(_):
        try:
            return contacts.ask("create_person", data=data).headers["x-id"]
        except Refusal as refusal:
            return refusal.slug

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(create, range(tries)))

    assert outcomes.count("possible-duplicate") == tries - 1
    assert len(contacts.ask("list_people").body["items"]) == 1
