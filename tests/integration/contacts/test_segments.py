"""Segments are rules and lists are picked by hand; both show only contacts that the caller may see."""

from datetime import timedelta

import pytest

from tests.factories import contacts as make
from tests.kit.service import somebody

MADRID = {"field": "city", "op": "eq", "value": "Madrid"}


def segment(contacts, tree=MADRID, **overrides):
    return contacts.ask("create_segment", data={"name": "De Madrid", "filter": tree, **overrides}).body


def madrilenian(contacts, by=None, **overrides):
    data = make.person_data(addresses=[{"city": "Madrid", "country": "ES"}], **overrides)
    return contacts.ask("create_person", data=data, by=by).body


def members(contacts, of, kind="segment", **how):
    return contacts.ask(f"list_{kind}_members", of["id"], **how).body


def ids(page):
    return [each["id"] for each in page["items"]]


def test_who_belongs_to_a_segment_changes_by_itself(contacts, ana):
    found = segment(contacts)
    eva = madrilenian(contacts, first_name="Eva", last_name="Gil")

    page = members(contacts, found, params={"count": "true"})
    assert (ids(page), page["total"]) == ([eva["id"]], 1)
    assert page["items"][0] == {
        "id": eva["id"],
        "kind": "person",
        "display_name": "Eva Gil",
        "email": eva["emails"][0]["address"],
        "phone": eva["phones"][0]["number"],
        "city": "Madrid",
        "last_contact_on": None,
        "owner_id": eva["owner_id"],
    }
    contacts.ask("update_person", eva["id"], data={"addresses": []}, version=eva["version"])
    contacts.ask("update_person", ana["id"], data={"addresses": [{"city": "Madrid"}]}, version=ana["version"])
    assert ids(members(contacts, found)) == [ana["id"]]
    contacts.ask("delete_person", ana["id"])
    assert ids(members(contacts, found)) == []


def test_an_address_that_is_not_valid_is_not_shown_as_a_way_to_reach_a_member(contacts):
    emails = [{"address": "old@acme.example", "primary": True, "valid": False}, {"address": "new@acme.example"}]
    madrilenian(contacts, emails=emails, phones=[])

    [shown] = members(contacts, segment(contacts))["items"]

    assert (shown["email"], shown["phone"]) == ("new@acme.example", None)


def test_a_segment_shows_only_members_whom_the_caller_may_see(contacts):
    found = segment(contacts)
    theirs = madrilenian(contacts)
    marta = somebody("Marta", segments_read="all", people_read="own", people_write="own")
    mine = madrilenian(contacts, by=marta)

    page = members(contacts, found, by=marta, params={"count": "true"})

    assert (ids(page), page["total"]) == ([mine["id"]], 1)
    assert set(ids(members(contacts, found))) == {theirs["id"], mine["id"]}
    nobody = somebody("Nadie", segments_read="all")
    assert contacts.refused("list_segment_members", found["id"], by=nobody).slug == "permission-denied"


def test_a_segment_is_seen_as_far_as_the_permission_reaches(contacts):
    found = segment(contacts)
    marta = somebody("Marta", segments_read="own", people_read="all")

    assert contacts.refused("get_segment", found["id"], by=marta).status == 404
    assert contacts.refused("list_segment_members", found["id"], by=marta).status == 404
    assert contacts.ask("list_segments", by=marta).body["items"] == []


def test_members_come_by_the_page_each_once(contacts):
    people = [madrilenian(contacts, last_name=f"De {number}")["id"] for number in range(5)]
    found, seen, cursor = segment(contacts), [], {}
    while True:
        page = members(contacts, found, params={"limit": "2", **cursor})
        seen += ids(page)
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == sorted(people)
    by_name = members(contacts, found, params={"sort": "-display_name"})
    assert ids(by_name) == people[::-1]


@pytest.mark.parametrize(
    ("tree", "pointer"),
    [
        ({"field": "shoe_size", "op": "eq", "value": 42}, "/filter/field"),
        ({"and": [MADRID, {"field": "city", "op": "gt", "value": "A"}]}, "/filter/and/1/op"),
        ({"field": "influence", "op": "gte", "value": "much"}, "/filter/value"),
        (["Madrid"], "/filter"),
        (None, "/filter"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_where_it_is_wrong(contacts, tree, pointer):
    refusal = contacts.refused("create_segment", data={"name": "No", "filter": tree}, locale="es")

    assert (refusal.status, refusal.params["errors"][0]["pointer"]) == (422, pointer)


def test_a_filter_is_replaced_whole_and_checked_again(contacts):
    found = segment(contacts)
    tree = {"or": [{"field": "city", "op": "eq", "value": "Vigo"}]}

    changed = contacts.ask("update_segment", found["id"], data={"filter": tree}, version=1).body

    assert (changed["filter"], changed["version"]) == (tree, 2)
    wrong = {"filter": {"field": "city"}}
    assert contacts.refused("update_segment", found["id"], data=wrong, version=2).status == 422
    assert contacts.refused("update_segment", found["id"], data={"kind": "company"}, version=2).status == 422


def test_companies_have_segments_too(contacts, acme, ana):
    found = segment(contacts, {"field": "name", "op": "starts_with", "value": "acme"}, kind="company")

    [shown] = members(contacts, found, params={"sort": "display_name"})["items"]

    assert (shown["id"], shown["kind"], shown["display_name"]) == (acme["id"], "company", "Acme, S.L.")


def test_customers_whom_nobody_contacted_for_sixty_days_are_a_segment(contacts, noon, ana, luis):
    old = {"field": "days_since_contact", "op": "gte", "value": 60}
    recent = {"field": "days_since_contact", "op": "lt", "value": 60}
    forgotten, fresh = segment(contacts, old), segment(contacts, recent)
    contacts.ask("create_interaction", data=make.interaction_data(person_id=ana["id"]))
    contacts.hear_itself()

    assert (ids(members(contacts, forgotten)), ids(members(contacts, fresh))) == ([luis["id"]], [ana["id"]])
    noon.advance(timedelta(days=60))
    assert set(ids(members(contacts, forgotten))) == {ana["id"], luis["id"]}
    assert ids(members(contacts, fresh)) == []
    assert contacts.ask("list_people", params={"days_since_contact_gt": "60"}).body["items"][0]["id"] == luis["id"]


def test_a_list_holds_who_was_picked_and_who_belongs_to_its_segments_each_once(contacts, ana, luis):
    eva = madrilenian(contacts)
    found = segment(contacts)
    made = contacts.ask("create_list", data={"name": "Boletín", "segment_ids": [found["id"]]}).body
    added = contacts.ask("add_list_members", made["id"], data={"contact_ids": [ana["id"], eva["id"]]}).body
    assert added == {"added": 2, "already_members": 0}
    again = contacts.ask("add_list_members", made["id"], data={"contact_ids": [ana["id"], luis["id"]]}).body
    assert again == {"added": 1, "already_members": 1}

    page = members(contacts, made, "list", params={"count": "true"})

    assert (set(ids(page)), page["total"]) == ({ana["id"], eva["id"], luis["id"]}, 3)
    contacts.ask("remove_list_member", made["id"], luis["id"])
    contacts.ask("remove_list_member", made["id"], eva["id"])
    assert set(ids(members(contacts, made, "list"))) == {ana["id"], eva["id"]}
    assert contacts.refused("remove_list_member", made["id"], eva["id"]).status == 404
    told = [event.data for event in contacts.told() if event.type == "crm.contacts.list_changed.v1"]
    assert [(each["added"], each["removed"]) for each in told] == [
        (sorted([ana["id"], eva["id"]]), []),
        ([luis["id"]], []),
        ([], [luis["id"]]),
        ([], [eva["id"]]),
    ]


def test_a_list_takes_only_contacts_of_its_kind_that_the_caller_may_see(contacts, acme, ana):
    made = contacts.ask("create_list", data={"name": "Boletín"}).body
    refusal = contacts.refused("add_list_members", made["id"], data={"contact_ids": [ana["id"], acme["id"]]})
    assert [error["pointer"] for error in refusal.params["errors"]] == ["/contact_ids/1"]
    assert members(contacts, made, "list")["items"] == []

    marta = somebody("Marta", lists_write="all", lists_read="all", people_read="own")
    data = {"contact_ids": [ana["id"]]}
    assert contacts.refused("add_list_members", made["id"], data=data, by=marta).status == 422


def test_a_list_includes_segments_of_its_kind_and_these_stay_while_it_does(contacts):
    of_people = segment(contacts)
    of_companies = segment(contacts, {"field": "name", "op": "contains", "value": "a"}, kind="company")
    refusal = contacts.refused(
        "create_list", data={"name": "Boletín", "segment_ids": [of_people["id"], of_companies["id"]]}
    )
    assert [error["pointer"] for error in refusal.params["errors"]] == ["/segment_ids/1"]
    made = contacts.ask("create_list", data={"name": "Boletín", "segment_ids": [of_people["id"]]}).body

    kept = contacts.refused("delete_segment", of_people["id"])
    assert (kept.slug, kept.params["count"]) == ("segment-is-included", 1)
    contacts.ask("update_list", made["id"], data={"segment_ids": []}, version=1)
    contacts.ask("delete_segment", of_people["id"])
    contacts.ask("delete_list", made["id"])
    assert contacts.refused("get_list", made["id"]).status == 404
