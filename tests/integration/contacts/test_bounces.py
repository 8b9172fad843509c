"""Mails that come back: an address that leads nowhere is not written to any more."""

import uuid

import pytest

from chassis.ids import new_id
from contracts.consents import ConsentChannel, address_key
from contracts.notifications import MessageBounced
from tests.factories import contacts as make

_ADDRESS = "ana@acme.example"


def bounce(contacts, status="5.1.1", address=_ADDRESS, person=None, company=None):
    contacts.tell(
        MessageBounced(
            message_id=new_id(),
            about=None,
            person_id=person,
            address=address,
            status=status,
            permanent=status.startswith("5"),
            company_id=company,
        )
    )


@pytest.fixture
def person(contacts):
    emails = [{"address": "Ana@Acme.example", "kind": "work"}, {"address": "ana@casa.example", "kind": "home"}]
    return contacts.ask("create_person", data=make.person_data(emails=emails)).body


def validity(contacts, person):
    emails = contacts.ask("get_person", person["id"]).body["emails"]
    return {each["address"].lower(): each["valid"] for each in emails}


def told(contacts, topic):
    return [event.data for event in contacts.told() if event.type == f"crm.contacts.{topic}.v1"]


def test_an_address_that_does_not_exist_is_marked_once_and_told(contacts, person):
    for _ in range(2):
        bounce(contacts)
    assert validity(contacts, person) == {"ana@acme.example": False, "ana@casa.example": True}
    [event] = told(contacts, "address_invalidated")
    key = address_key(ConsentChannel.EMAIL, _ADDRESS)
    assert (event["contact_id"], event["address_key"], event["status"]) == (person["id"], key, "5.1.1")
    assert [each["changed"] for each in told(contacts, "contact_updated")] == [["emails"]]


@pytest.mark.parametrize("status", ["4.4.1", "4.2.2", "5.2.2", "5.7.1", "5.1.8", "5.0.0"])
def test_what_says_nothing_about_the_address_changes_nothing(contacts, person, status):
    bounce(contacts, status)
    assert validity(contacts, person)["ana@acme.example"] is True


def test_a_tag_that_leads_nowhere_leaves_the_mailbox_alone(contacts, person):
    bounce(contacts, address="ana+old@acme.example")
    assert validity(contacts, person)["ana@acme.example"] is True


def test_everybody_with_the_address_and_the_company_that_was_written_to_are_marked(contacts, person):
    emails = [{"address": _ADDRESS, "kind": "work"}]
    other = contacts.ask("create_person", data=make.person_data(emails=emails, allow_duplicate=True)).body
    company = contacts.ask("create_company", data=make.company_data(emails=emails)).body
    bounce(contacts, company=uuid.UUID(company["id"]))
    assert validity(contacts, person)["ana@acme.example"] is False
    assert validity(contacts, other)["ana@acme.example"] is False
    assert contacts.ask("get_company", company["id"]).body["emails"][0]["valid"] is False
    assert len(told(contacts, "address_invalidated")) == 3


def test_somebody_may_say_that_it_is_good_after_all(contacts, person):
    bounce(contacts)
    emails = [{**each, "valid": True} for each in contacts.ask("get_person", person["id"]).body["emails"]]
    version = contacts.ask("get_person", person["id"]).body["version"]
    contacts.ask("update_person", person["id"], data={"emails": emails}, version=version)
    assert validity(contacts, person)["ana@acme.example"] is True
    bounce(contacts)
    assert validity(contacts, person)["ana@acme.example"] is False
