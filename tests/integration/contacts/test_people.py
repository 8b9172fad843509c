from uuid import uuid4

import pytest

from tests.factories import contacts as make
from tests.kit.service import somebody


def test_a_person_is_shown_as_it_was_created(contacts, acme):
    data = make.person_data(
        first_name="Ana",
        last_name="García López",
        emails=[{"address": "Ana@Acme.Example", "kind": "work"}, {"address": "a@home.example", "kind": "home"}],
        phones=[{"number": "612 345 678", "kind": "mobile"}],
        addresses=[{"street": "Calle Mayor, 1", "postcode": "28001", "city": "Madrid", "region": "Madrid"}],
        employments=[{"company_id": acme["id"], "role": "Gerente"}],
    )

    created = contacts.ask("create_person", data=data)
    shown = contacts.ask("get_person", created.body["id"])

    assert shown.body == created.body
    assert created.headers["x-etag"] == "1"
    assert shown.body["display_name"] == "Ana García López"
    assert shown.body["emails"][0] == {"address": "Ana@acme.example", "kind": "work", "primary": True, "valid": True}
    assert shown.body["phones"][0]["number"] == "+34612345678"
    assert (shown.body["city"], shown.body["country"]) == ("Madrid", "ES")
    [employment] = shown.body["employments"]
    assert (employment["company_name"], employment["role"], employment["primary"]) == ("Acme, S.L.", "Gerente", True)


def test_a_new_person_belongs_to_who_created_it(contacts):
    ana = somebody("Ana", people_write="all", people_read="own")

    created = contacts.ask("create_person", data=make.person_data(), by=ana).body

    assert created["owner_id"] == str(ana.user_id)
    assert created["group_id"] == str(ana.group_id)
    assert contacts.ask("get_person", created["id"], by=ana).body["id"] == created["id"]
    stranger = somebody("Eva", people_read="own")
    assert contacts.refused("get_person", created["id"], by=stranger).status == 404


def test_creating_a_person_is_told(contacts, acme):
    person = contacts.ask(
        "create_person",
        data=make.person_data(last_name="García", employments=[{"company_id": acme["id"], "role": "CEO"}]),
    ).body

    told = [(e.type, e.subject) for e in contacts.told() if e.subject != f"companies/{acme['id']}"]
    assert told == [
        ("crm.contacts.contact_created.v1", f"people/{person['id']}"),
        ("crm.contacts.employment_started.v1", f"employments/{person['employments'][0]['id']}"),
    ]
    created = next(e for e in contacts.told() if e.subject == f"people/{person['id']}")
    assert created.data == {"contact_id": person["id"], "kind": "person", "display_name": "Ana García", "links": []}


def test_a_company_that_does_not_exist_is_named_by_its_place(contacts):
    data = make.person_data(employments=[{"company_id": str(uuid4()), "role": "CEO"}])

    refusal = contacts.refused("create_person", data=data)

    assert refusal.status == 422
    assert refusal.params["errors"][0]["pointer"] == "/employments/0/company_id"


def test_a_patch_changes_what_it_names_and_tells_which_fields(contacts, ana):
    changed = contacts.ask("update_person", ana["id"], data={"first_name": "Anna", "job_title": None}, version=1)

    assert changed.body["display_name"] == "Anna García"
    assert changed.headers["x-etag"] == "2"
    event = contacts.told()[-1]
    assert (event.type, event.data["changed"]) == ("crm.contacts.contact_updated.v1", ["first_name"])


def test_a_patch_that_changes_nothing_tells_nothing(contacts, ana):
    before = len(contacts.told())

    same = contacts.ask("update_person", ana["id"], data={"first_name": ana["first_name"]}, version=1)

    assert same.headers["x-etag"] == "1"
    assert len(contacts.told()) == before


def test_who_changes_an_old_version_is_refused(contacts, ana):
    contacts.ask("update_person", ana["id"], data={"first_name": "Anna"}, version=1)

    assert contacts.refused("update_person", ana["id"], data={"first_name": "Any"}, version=1).status == 412
    assert contacts.refused("update_person", ana["id"], data={"first_name": "Any"}).status == 428


def test_a_deleted_person_is_gone_until_restored(contacts, ana):
    contacts.ask("delete_person", ana["id"])

    assert contacts.refused("get_person", ana["id"]).status == 404
    assert contacts.ask("list_people").body["items"] == []

    restored = contacts.ask("restore_person", ana["id"]).body
    assert restored["id"] == ana["id"]
    assert contacts.ask("get_person", ana["id"]).body["last_name"] == "García"
    assert [e.type.split(".")[2] for e in contacts.told()] == ["contact_created", "contact_deleted", "contact_restored"]


def test_the_history_says_who_changed_what(contacts, ana):
    editor = somebody("Marta", people_read="all", people_write="all")
    contacts.ask("update_person", ana["id"], data={"first_name": "Anna"}, version=1, by=editor)

    [change] = contacts.ask("person_history", ana["id"]).body

    assert (change["field"], change["old"], change["new"], change["actor_name"]) == (
        "first_name",
        "Ana",
        "Anna",
        "Marta",
    )


@pytest.mark.parametrize(
    ("words", "found"), [("garcia", True), ("ANA GAR", True), ("acme.example", True), ("lopez", False)]
)
def test_people_are_found_by_words_of_name_and_address(contacts, ana, luis, words, found):
    items = contacts.ask("list_people", params={"q": words}).body["items"]

    assert (ana["id"] in [item["id"] for item in items]) is found


def test_people_are_filtered_by_what_they_are_to_us_where_they_work_and_live(contacts, acme, ana):
    contacts.ask("create_link_kind", data={"slug": "customer", "name": {"es": "Cliente", "en": "Customer"}})
    eva = contacts.ask(
        "create_person",
        data=make.person_data(
            links=["customer"],
            addresses=[{"city": "Vigo", "postcode": "36201"}],
            employments=[{"company_id": acme["id"], "role": "CEO"}],
        ),
    ).body

    for params in ({"link": "customer"}, {"company_id": acme["id"]}, {"city": "Vigo"}, {"postcode_starts_with": "36"}):
        assert [item["id"] for item in contacts.ask("list_people", params=params).body["items"]] == [eva["id"]]
    assert contacts.ask("list_people", params={"link": "supplier"}).body["items"] == []
    assert contacts.refused("list_people", params={"colour": "red"}).status == 422


def test_a_filter_tree_finds_people(contacts, ana, luis):
    tree = {
        "or": [{"field": "first_name", "op": "eq", "value": "Luis"}, {"field": "city", "op": "eq", "value": "Vigo"}]
    }

    found = contacts.ask("search_people", data={"filter": tree, "count": True}).body

    assert [item["id"] for item in found["items"]] == [luis["id"]]
    assert found["total"] == 1


def test_a_link_that_is_not_in_the_catalogue_is_refused(contacts):
    assert contacts.refused("create_person", data=make.person_data(links=["alien"])).slug == "unknown-link-kind"


def test_a_wrong_identifier_is_refused_and_a_right_one_is_tidied(contacts):
    assert contacts.refused("create_person", data=make.person_data(personal_id="12345678A")).slug == "tax-id-is-wrong"
    person = contacts.ask("create_person", data=make.person_data(personal_id="12345678-z")).body
    assert person["personal_id"] == "12345678Z"


def test_only_one_address_can_be_the_primary_one(contacts):
    emails = [{"address": f"{name}@acme.example", "kind": "work", "primary": True} for name in "ab"]

    assert contacts.refused("create_person", data=make.person_data(emails=emails)).slug == "too-many-primaries"


def test_an_address_marked_invalid_is_kept_and_another_becomes_primary(contacts):
    emails = [{"address": "a@acme.example", "valid": False}, {"address": "b@acme.example"}]

    person = contacts.ask("create_person", data=make.person_data(emails=emails)).body

    assert [(e["valid"], e["primary"]) for e in person["emails"]] == [(False, False), (True, True)]


def test_many_people_are_created_at_once_each_with_its_own_result(contacts):
    items = [make.person_data(), {"first_name": ""}, make.person_data()]

    results = contacts.ask("bulk_create_people", data={"items": items}).body["items"]

    assert [result["status"] for result in results] == [201, 422, 201]
    assert len(contacts.ask("list_people").body["items"]) == 2


def test_reading_writing_deleting_and_exporting_are_separate_rights(contacts, ana):
    reader = somebody("Eva", people_read="all")

    assert contacts.ask("get_person", ana["id"], by=reader).body["id"] == ana["id"]
    for operation, ids, how in (
        ("create_person", (), {"data": make.person_data()}),
        ("update_person", (ana["id"],), {"data": {"first_name": "X"}, "version": 1}),
        ("delete_person", (ana["id"],), {}),
        ("export_people", (), {}),
    ):
        refusal = contacts.refused(operation, *ids, by=reader, **how)
        assert (refusal.status, refusal.slug) == (403, "permission-denied")
