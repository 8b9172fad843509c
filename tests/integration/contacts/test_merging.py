"""Several records of one contact become one, and several again."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.factories import contacts as make
from tests.kit.service import somebody


@pytest.fixture
def ana2(contacts):
    """Another record of Ana, whom somebody took down by her full name."""
    data = make.person_data(first_name="Ana María", last_name="García", job_title="Compradora", notes="Llamar tarde.")
    return contacts.ask("create_person", data=data).body


def merge(contacts, survivor, *absorbed, **sent):
    data = {"absorbed_ids": [each["id"] for each in absorbed], **sent}
    return contacts.ask("merge_person", survivor["id"], data=data).body


def unmerge(contacts, contact, **sent):
    return contacts.ask("unmerge_person", contact["id"], data=sent).body


def person(contacts, contact):
    return contacts.ask("get_person", contact["id"]).body


def test_the_survivor_has_what_was_blank_and_every_way_of_reaching_either(contacts, ana, ana2):
    merged = merge(contacts, ana, ana2, reason="Es la misma")

    shown = person(contacts, ana)
    assert (shown["first_name"], shown["job_title"], shown["notes"]) == ("Ana", "Compradora", "Llamar tarde.")
    assert [each["address"] for each in shown["emails"]] == [each["emails"][0]["address"] for each in (ana, ana2)]
    assert [each["primary"] for each in shown["phones"]] == [True, False]
    assert (merged["reason"], merged["merged_by"]) == ("Es la misma", str(contacts.actor.user_id))
    assert merged["field_choices"] == {"job_title": ana2["id"]}
    assert merged["waiting_for"] == ["cases", "notifications", "sales"]


def test_somebody_may_choose_whose_value_counts(contacts, ana, ana2):
    merge(contacts, ana, ana2, choices=[{"field": "first_name", "contact_id": ana2["id"]}])

    assert person(contacts, ana)["first_name"] == "Ana María"
    assert person(contacts, ana)["display_name"] == "Ana María García"


def test_choices_that_there_are_not_are_named(contacts, ana, ana2, luis):
    wrong = [{"field": "shoe_size", "contact_id": ana["id"]}, {"field": "notes", "contact_id": luis["id"]}]
    sent = {"absorbed_ids": [ana2["id"]], "choices": wrong}
    refusal = contacts.refused("merge_person", ana["id"], data=sent)

    assert refusal.status == 422
    assert [error["pointer"] for error in refusal.params["errors"]] == ["/choices/0/field", "/choices/1/contact_id"]
    nobody = contacts.refused("merge_person", ana["id"], data={"absorbed_ids": []}, locale="es")
    assert nobody.params["errors"] == [{"pointer": "/absorbed_ids", "detail": "Indique al menos un registro."}]


def test_an_identifier_and_its_country_stay_together(contacts):
    foreign = contacts.ask("create_company", data=make.company_data(country="FR")).body
    spanish = contacts.ask("create_company", data=make.company_data(tax_id="B12345674")).body
    contacts.ask("merge_company", foreign["id"], data={"absorbed_ids": [spanish["id"]]})

    shown = contacts.ask("get_company", foreign["id"]).body
    assert (shown["country"], shown["tax_id"]) == ("ES", "B12345674")


def test_two_identifiers_are_a_conflict_that_is_listed(contacts, acme):
    other = contacts.ask("create_company", data=make.company_data(tax_id="A58818501")).body
    merged = contacts.ask("merge_company", acme["id"], data={"absorbed_ids": [other["id"]]}).body

    assert merged["conflicts"] == [{"kind": "identifiers", "ids": [acme["id"], other["id"]]}]
    assert contacts.ask("get_company", acme["id"]).body["tax_id"] == "B12345674"


def test_an_address_that_is_not_valid_anywhere_is_not_valid(contacts, ana):
    bad = [{**ana["emails"][0], "valid": False}]
    other = contacts.ask("create_person", data=make.person_data(emails=bad, allow_duplicate=True)).body
    merge(contacts, ana, other)

    assert [(each["address"], each["valid"]) for each in person(contacts, ana)["emails"]] == [
        (ana["emails"][0]["address"], False)
    ]


def test_a_read_by_the_old_id_answers_the_survivor_and_says_so(contacts, ana, ana2):
    merge(contacts, ana, ana2)

    reply = contacts.ask("get_person", ana2["id"])
    assert (reply.body["id"], reply.body["canonical_id"]) == (ana["id"], ana["id"])
    assert reply.headers["x-canonical-id"] == ana["id"]
    assert "canonical_id" not in person(contacts, ana)
    assert [each["id"] for each in contacts.ask("list_people").body["items"]] == [ana["id"]]


def test_writes_by_the_old_id_apply_to_the_survivor(contacts, ana, ana2, luis, acme):
    merge(contacts, ana, ana2)
    old = ana2["id"]
    interest = contacts.ask("create_interest", data={"slug": "fibra", "name": "Fibra"}).body
    manager = contacts.ask("create_relation_type", data=make.relation_type_data()).body

    version = person(contacts, ana)["version"]
    contacts.ask("update_person", old, data={"job_title": "Jefa"}, version=version)
    contacts.ask("set_person_interest", old, interest["id"], data={})
    contacts.ask("add_person_relation", luis["id"], data={"type_id": manager["id"], "other_id": old})
    employment = contacts.ask("create_employment", data={"person_id": old, "company_id": acme["id"]}).body
    made = contacts.ask("create_interaction", data=make.interaction_data(person_id=old)).body
    bulk = contacts.ask("bulk_create_interactions", data={"items": [make.interaction_data(person_id=old)] * 2}).body

    assert person(contacts, ana)["job_title"] == "Jefa"
    assert [each["interest_id"] for each in contacts.ask("list_person_interests", ana["id"]).body] == [interest["id"]]
    assert [each["other_id"] for each in contacts.ask("list_person_relations", old).body] == [luis["id"]]
    assert {employment["person_id"], made["person_id"]} == {ana["id"]}
    assert [item["record"]["person_id"] for item in bulk["items"]] == [ana["id"]] * 2
    filtered = contacts.ask("list_interactions", params={"person_id": old}).body["items"]
    assert len(filtered) == len(contacts.ask("list_interactions", params={"contact_id": ana["id"]}).body["items"]) == 3
    told = [each for each in contacts.told() if each.type == "crm.contacts.interaction_recorded.v1"]
    assert {each.data["person_id"] for each in told} == {ana["id"]}


def test_the_same_request_by_an_old_id_is_answered_alike_when_it_is_repeated(contacts, ana, ana2):
    merge(contacts, ana, ana2)
    version = person(contacts, ana)["version"]
    first, again = (
        contacts.ask("update_person", ana2["id"], data={"job_title": "Jefa"}, version=version, key="one")
        for _ in range(2)
    )

    assert first.body == again.body
    assert first.body["canonical_id"] == ana["id"]
    assert again.headers["x-replayed"] == "true"


def test_chains_lead_straight_to_the_last(contacts, ana, ana2, luis):
    merge(contacts, ana2, ana)
    merge(contacts, luis, ana2)

    assert person(contacts, ana)["canonical_id"] == luis["id"]
    for survivor, absorbed, slug in (
        (ana, luis, "was-merged"),
        (luis, ana, "was-merged"),
        (luis, luis, "merged-with-itself"),
    ):
        assert contacts.refused("merge_person", survivor["id"], data={"absorbed_ids": [absorbed["id"]]}).slug == slug
    assert contacts.refused("restore_person", ana["id"]).params["canonical_id"] == luis["id"]


def test_of_two_that_are_merged_into_each_other_at_once_one_is_refused(contacts, ana, ana2):
    outcomes = []
    barrier = threading.Barrier(2)

    def into(survivor, absorbed):
        barrier.wait()
        try:
            outcomes.append(merge(contacts, survivor, absorbed)["survivor_id"])
        except Exception as refusal:  # noqa: BLE001 - it is looked at below
            outcomes.append(refusal)

    threads = [threading.Thread(target=into, args=pair) for pair in ((ana, ana2), (ana2, ana))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [refused] = [each for each in outcomes if isinstance(each, Exception)]
    [survivor] = [each for each in outcomes if isinstance(each, str)]
    assert (refused.status, refused.slug) == (409, "was-merged")
    assert refused.params["canonical_id"] == survivor


def test_only_one_event_is_told(contacts, ana, ana2):
    before = len(contacts.told())
    merged = merge(contacts, ana, ana2, reason="Es la misma")

    [told] = contacts.told()[before:]
    assert told.type == "crm.contacts.contact_merged.v1"
    assert set(map(str, told.concerns)) == {ana["id"], ana2["id"]}
    assert told.data == {
        "merge_id": merged["id"],
        "kind": "person",
        "survivor_id": ana["id"],
        "absorbed_ids": [ana2["id"]],
        "display_name": "Ana García",
        "links": [],
        "field_choices": {"job_title": ana2["id"]},
        "conflicts": [],
    }


@pytest.fixture
def entangled(contacts, ana, ana2, luis, acme):
    """Ana twice, with everything that names a contact on both sides."""
    manager = contacts.ask("create_relation_type", data=make.relation_type_data()).body["id"]
    friend = contacts.ask("create_relation_type", data=make.friendship_data()).body["id"]
    interest = contacts.ask("create_interest", data={"slug": "fibra", "name": "Fibra"}).body["id"]
    for who, starts_on in ((ana, "2020-01-01"), (ana2, "2018-01-01")):
        for type_id in (manager, friend):
            relation = {"type_id": type_id, "other_id": luis["id"], "starts_on": starts_on}
            contacts.ask("add_person_relation", who["id"], data=relation)
        job = {"person_id": who["id"], "company_id": acme["id"], "role": "Compras", "primary": True}
        contacts.ask("create_employment", data=job | {"starts_on": starts_on})
        contacts.ask("create_interaction", data=make.interaction_data(person_id=who["id"]))
    contacts.ask("add_person_relation", ana["id"], data={"type_id": manager, "other_id": ana2["id"]})
    contacts.ask("set_person_interest", ana["id"], interest, data={"weight": 20})
    contacts.ask("set_person_interest", ana2["id"], interest, data={"weight": 70})
    return manager, friend, interest


def state(contacts, *people):
    """Return everything that people would see of them, but for versions and instants of change."""
    found = {}
    for each in people:
        shown = person(contacts, each)
        relations = contacts.ask("list_person_relations", each["id"]).body
        interests = contacts.ask("list_person_interests", each["id"]).body
        found[each["id"]] = (
            {name: value for name, value in shown.items() if name not in {"version", "updated_at"}},
            sorted((row["id"], row["other_id"], row["starts_on"]) for row in relations),
            [(row["id"], row["weight"]) for row in interests],
            [row["id"] for row in contacts.ask("list_interactions", params={"contact_id": each["id"]}).body["items"]],
            [line["type"] for line in contacts.ask("list_person_timeline", each["id"]).body["items"]],
        )
    return found


def test_what_both_have_is_kept_once_with_the_widest_dates(contacts, ana, ana2, luis, entangled):
    manager, friend, _ = entangled
    merged = merge(contacts, ana, ana2)

    relations = contacts.ask("list_person_relations", ana["id"]).body
    assert sorted((row["type_id"], row["other_id"], row["starts_on"]) for row in relations) == sorted(
        (type_id, luis["id"], "2018-01-01") for type_id in (manager, friend)
    )
    [job] = person(contacts, ana)["employments"]
    assert (job["starts_on"], job["primary"]) == ("2018-01-01", True)
    assert [row["weight"] for row in contacts.ask("list_person_interests", ana["id"]).body] == [70]
    kinds = {conflict["kind"]: len(conflict["ids"]) for conflict in merged["conflicts"]}
    assert kinds == {"relation": 2, "relation-between": 1, "employment": 1, "interest": 1}
    assert merged["moved"] == {"interactions": 1}


def test_undoing_gives_each_its_own_again(contacts, ana, ana2, luis, entangled):
    contacts.hear_itself()
    before = state(contacts, ana, ana2, luis)
    merge(contacts, ana, ana2)
    assert state(contacts, luis) != {luis["id"]: before[luis["id"]]}
    undone = unmerge(contacts, ana2, reason="Eran dos")

    assert state(contacts, ana, ana2, luis) == before
    assert (undone["undone_because"], undone["undone_by"]) == ("Eran dos", str(contacts.actor.user_id))
    assert contacts.told()[-1].type == "crm.contacts.contact_unmerged.v1"
    assert contacts.refused("unmerge_person", ana["id"], data={}).slug == "nothing-to-undo"


def test_what_came_after_the_merge_stays_with_the_survivor(contacts, ana, ana2):
    merge(contacts, ana, ana2)
    made = contacts.ask("create_interaction", data=make.interaction_data(person_id=ana2["id"])).body
    unmerge(contacts, ana)

    assert contacts.ask("get_interaction", made["id"]).body["person_id"] == ana["id"]


def test_a_merge_whose_fields_were_edited_since_is_not_undone(contacts, ana, ana2):
    merge(contacts, ana, ana2)
    version = person(contacts, ana)["version"]
    contacts.ask("update_person", ana["id"], data={"job_title": "Jefa", "salutation": "Sra."}, version=version)

    refusal = contacts.refused("unmerge_person", ana["id"], data={})
    assert (refusal.status, refusal.slug) == (409, "merge-was-built-on")
    assert refusal.params["fields"] == "job_title"


def test_merges_are_undone_from_the_last_to_the_first(contacts, ana, ana2, luis):
    first = merge(contacts, ana2, ana)
    merge(contacts, luis, ana2)

    assert contacts.refused("unmerge_person", ana["id"], data={}).slug == "was-merged"
    unmerge(contacts, luis)
    assert person(contacts, ana)["canonical_id"] == ana2["id"]
    unmerge(contacts, ana2, merge_id=first["id"])
    assert person(contacts, ana)["first_name"] == "Ana"


def test_a_preview_shows_who_wins_what_moves_and_what_is_at_odds_and_changes_nothing(
    contacts, ana, ana2, luis, entangled
):
    before = state(contacts, ana, ana2, luis)
    shown = contacts.ask("preview_person_merge", ana["id"], data={"absorbed_ids": [ana2["id"]]}).body

    differences = {each["field"]: each for each in shown["differences"]}
    assert differences["job_title"]["winner_id"] == ana2["id"]
    assert differences["job_title"]["result"] == "Compradora"
    assert differences["job_title"]["values"] == [
        {"contact_id": ana["id"], "value": None},
        {"contact_id": ana2["id"], "value": "Compradora"},
    ]
    assert "last_name" not in differences
    assert {each["kind"] for each in shown["conflicts"]} == {"relation", "relation-between", "employment", "interest"}
    assert shown["counts"]["contacts"] == {
        "contact-interests": 1, "employments": 1, "interactions": 1, "relations": 3,
    }  # fmt: skip
    assert state(contacts, ana, ana2, luis) == before


def test_a_timeline_is_that_of_all_records_and_an_event_is_one_line(contacts, ana, ana2, entangled):
    contacts.hear_itself()
    lines = {who["id"]: contacts.ask("list_person_timeline", who["id"]).body["items"] for who in (ana, ana2)}
    merge(contacts, ana, ana2)
    contacts.hear_itself()
    shown = contacts.ask("list_person_timeline", ana2["id"]).body["items"]

    events = {line["event_id"] for each in lines.values() for line in each}
    assert len(shown) == len({line["event_id"] for line in shown}) == len(events) + 1
    assert shown[0]["type"] == "crm.contacts.contact_merged.v1"


def test_an_event_that_was_under_way_is_a_line_of_the_survivor(contacts, ana, ana2):
    at = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    contacts.ask("create_interaction", data=make.interaction_data(person_id=ana2["id"], occurred_at=at))
    merge(contacts, ana, ana2)
    contacts.hear_itself()

    types = [line["type"] for line in contacts.ask("list_person_timeline", ana["id"]).body["items"]]
    assert "crm.contacts.interaction_recorded.v1" in types
    assert person(contacts, ana)["last_contact_on"] == at[:10]


def test_companies_bring_their_people_along_and_those_are_recognised_by_it(contacts, acme):
    other = contacts.ask("create_company", data=make.company_data()).body
    worker = make.person_data(employments=[{"company_id": other["id"], "role": "Compras"}])
    made = contacts.ask("create_person", data=worker).body
    contacts.ask("merge_company", acme["id"], data={"absorbed_ids": [other["id"]]})

    shown = contacts.ask("get_person", made["id"]).body
    assert [job["company_id"] for job in shown["employments"]] == [acme["id"]]
    names = {name: made[name] for name in ("first_name", "last_name")}
    for company in (acme, other):
        again = make.person_data(**names, employments=[{"company_id": company["id"]}])
        assert contacts.refused("create_person", data=again).params["matches"][0]["id"] == made["id"]
    contacts.ask("unmerge_company", other["id"], data={})
    assert contacts.ask("get_person", made["id"]).body["employments"][0]["company_id"] == other["id"]
    elsewhere = make.person_data(**names, employments=[{"company_id": acme["id"]}])
    assert contacts.ask("create_person", data=elsewhere).body["id"]


def duplicates(contacts, contact):
    return [each["id"] for each in contacts.ask("list_person_duplicates", contact["id"]).body]


def test_whoever_was_found_to_be_another_stays_another(contacts, ana, ana2):
    namesake = make.person_data(first_name="Eva", phones=ana2["phones"], allow_duplicate=True)
    eva = contacts.ask("create_person", data=namesake).body
    assert duplicates(contacts, ana2) == [eva["id"]]
    contacts.ask("dismiss_duplicates", data={"contact_id": ana2["id"], "other_id": eva["id"]})
    merge(contacts, ana, ana2)
    assert duplicates(contacts, ana) == duplicates(contacts, eva) == []

    unmerge(contacts, ana)
    assert duplicates(contacts, ana) == duplicates(contacts, ana2) == duplicates(contacts, eva) == []


def test_the_survivor_is_recognised_by_what_the_other_had(contacts, ana, ana2):
    merge(contacts, ana, ana2)
    again = make.person_data(phones=ana2["phones"])
    matches = contacts.refused("create_person", data=again).params["matches"]
    assert [match["id"] for match in matches] == [ana["id"]]

    unmerge(contacts, ana)
    matches = contacts.refused("create_person", data=again).params["matches"]
    assert [match["id"] for match in matches] == [ana2["id"]]


def test_it_needs_the_right_to_change_the_survivor_and_to_delete_the_others(contacts, ana, ana2):
    sent = {"data": {"absorbed_ids": [ana2["id"]]}}
    for grants, status in (
        ({"people_write": "all"}, 403),
        ({"people_delete": "all"}, 403),
        ({"people_delete": "all", "people_write": "own"}, 404),
        ({"people_delete": "own", "people_write": "all"}, 404),
    ):
        assert contacts.refused("merge_person", ana["id"], by=somebody("Eva", **grants), **sent).status == status
    both = somebody("Eva", people_delete="all", people_write="all")
    assert contacts.ask("merge_person", ana["id"], by=both, **sent).body["survivor_id"] == ana["id"]


def test_duplicates_of_whichever_kind_are_merged(contacts, ana, ana2, acme):
    other = contacts.ask("create_company", data=make.company_data()).body
    for survivor, absorbed in ((ana, ana2), (acme, other)):
        data = {"survivor_id": survivor["id"], "absorbed_ids": [absorbed["id"]]}
        assert contacts.ask("merge_duplicates", data=data).body["absorbed_ids"] == [absorbed["id"]]
    strangers = {"survivor_id": str(uuid4()), "absorbed_ids": [str(uuid4())]}
    assert contacts.refused("merge_duplicates", data=strangers).status == 404
    mixed = {"survivor_id": ana["id"], "absorbed_ids": [acme["id"]]}
    assert contacts.refused("merge_duplicates", data=mixed).status == 404
