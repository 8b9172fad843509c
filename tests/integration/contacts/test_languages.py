"""In which language a contact is written to is told to whoever writes; of a contact without one nothing is."""

import pytest

from chassis.context import SYSTEM
from tests.factories import contacts as make


def told(contacts):
    """Return the languages that were told, in order, each with whose it is."""
    events = [each for each in contacts.told() if each.type == "crm.contacts.contact_language_changed.v1"]
    assert all(each.subject.endswith(each.data["contact_id"]) for each in events)
    return [(each.data["contact_id"], each.data["language"]) for each in events]


@pytest.fixture
def eva(contacts):
    """Another record of Ana, which says that she reads English."""
    return contacts.ask("create_person", data=make.person_data(first_name="Eva", language="en-GB")).body


def test_a_contact_that_is_put_on_file_with_a_language_tells_it(contacts, eva):
    paris = contacts.ask("create_company", data=make.company_data(language="fr")).body

    assert told(contacts) == [(eva["id"], "en-GB"), (paris["id"], "fr")]
    assert [each.data["kind"] for each in contacts.told() if "language" in each.data] == ["person", "company"]


def test_a_contact_without_a_language_tells_nothing_of_it(contacts, ana, acme):
    contacts.ask("update_person", ana["id"], data={"first_name": "Anna", "language": None}, version=1)
    contacts.ask("update_company", acme["id"], data={"name": "Acme"}, version=1)

    assert told(contacts) == []


def test_another_language_is_told_and_so_is_none(contacts, ana, acme):
    for version, language in enumerate(("en", "en", "es", None, None), 1):
        person = contacts.ask("get_person", ana["id"]).body
        assert person["version"] <= version
        contacts.ask("update_person", ana["id"], data={"language": language}, version=person["version"])
    contacts.ask("update_company", acme["id"], data={"language": "en"}, version=1)

    assert told(contacts) == [(ana["id"], "en"), (ana["id"], "es"), (ana["id"], None), (acme["id"], "en")]


def test_whoever_is_brought_in_among_many_tells_it_too(contacts):
    items = [make.person_data(language="en"), make.person_data(), make.person_data(language="es")]
    made = contacts.ask("bulk_create_people", data={"items": items}).body["items"]

    assert told(contacts) == [(made[0]["id"], "en"), (made[2]["id"], "es")]


def test_somebody_whom_a_lead_brings_tells_it_too_also_where_only_that_was_blank(contacts, ana):
    asked = {"demands": ["person"], "wants": [], "owner_id": None, "allow_duplicate": False}
    nobody = {"person_id": None, "company_id": None, "person": None, "company": None}
    new = {"person": {"first_name": "Luc", "language": "fr"}, "company": {"name": "Acier", "language": "fr"}}
    known = {"person_id": ana["id"], "person": {"first_name": "Ana", "language": "en"}}
    made = contacts.ask("put_prospect_on_file", data={**asked, **nobody, **new}, by=SYSTEM).body
    contacts.ask("put_prospect_on_file", data={**asked, **nobody, **known}, by=SYSTEM)

    assert told(contacts) == [(made["company_id"], "fr"), (made["person_id"], "fr"), (ana["id"], "en")]


@pytest.mark.parametrize("chosen", [False, True])
def test_a_merge_and_its_undoing_tell_the_language_that_the_survivor_has_by_it(contacts, ana, eva, chosen):
    if chosen:
        contacts.ask("update_person", ana["id"], data={"language": "es"}, version=1)
    before = len(told(contacts))
    choices = [{"field": "language", "contact_id": eva["id"]}] if chosen else []
    contacts.ask("merge_person", ana["id"], data={"absorbed_ids": [eva["id"]], "choices": choices})
    assert told(contacts)[before:] == [(ana["id"], "en-GB")]

    contacts.ask("unmerge_person", ana["id"], data={})
    assert told(contacts)[before + 1 :] == [(ana["id"], "es" if chosen else None)]


def test_a_merge_that_leaves_the_survivor_its_language_tells_nothing_of_it(contacts, eva):
    other = contacts.ask("create_person", data=make.person_data(language="es")).body
    before = len(contacts.told())
    contacts.ask("merge_person", eva["id"], data={"absorbed_ids": [other["id"]]})
    contacts.ask("unmerge_person", eva["id"], data={})

    assert [each.type.split(".")[2] for each in contacts.told()[before:]] == ["contact_merged", "contact_unmerged"]
