from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from chassis.events import ContactId, Event
from tests.factories import contacts as make
from tests.kit.service import somebody

NOON = datetime(2030, 1, 15, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class LeadNoticed(Event, source="sales"):
    """An event of another service, made up for these tests."""

    lead_id: UUID
    contact_id: ContactId | None


def lead_noticed(contacts, person, **more):
    event = LeadNoticed(lead_id=uuid4(), contact_id=UUID(person["id"]) if person else None)
    return contacts.tell(event, subject=f"leads/{event.lead_id}", **more)


def types(contacts, person, **how):
    items = contacts.ask("list_person_timeline", person["id"], **how).body["items"]
    return [item["type"].split(".")[2] for item in items]


def test_every_event_that_names_a_contact_is_on_its_timeline(contacts, ana, luis):
    contacts.deliver(*contacts.told())
    lead_noticed(contacts, ana)
    lead_noticed(contacts, None)

    assert types(contacts, ana) == ["lead_noticed", "contact_created"]
    assert types(contacts, luis) == ["contact_created"]


def test_an_event_that_comes_twice_is_one_line(contacts, ana):
    envelope = lead_noticed(contacts, ana)
    contacts.deliver(envelope)

    assert types(contacts, ana) == ["lead_noticed"]


def test_a_timeline_is_filtered_by_type_source_and_time_and_read_in_pages(noon, contacts, ana):
    contacts.deliver(*contacts.told())
    for hour in range(5):
        lead_noticed(contacts, ana, time=NOON + timedelta(hours=hour))

    assert types(contacts, ana, params={"source": "contacts"}) == ["contact_created"]
    assert len(types(contacts, ana, params={"type": "crm.sales.lead_noticed.v1"})) == 5
    assert len(types(contacts, ana, params={"occurred_at_gte": "2030-01-15T15:00:00Z"})) == 2
    first = contacts.ask("list_person_timeline", ana["id"], params={"limit": "4"}).body
    rest = contacts.ask("list_person_timeline", ana["id"], params={"limit": "4", "cursor": first["next_cursor"]}).body
    times = [item["occurred_at"] for item in first["items"] + rest["items"]]
    assert times == sorted(times, reverse=True)
    assert len(times) == 6
    assert rest["next_cursor"] is None


def test_interactions_show_what_was_said_and_when_the_contact_last_took_part(contacts, ana):
    now = datetime.now(UTC)  # once: it may be midnight
    for days, direction in ((10, "inbound"), (3, "outbound"), (20, "inbound")):
        occurred_at = (now - timedelta(days=days)).isoformat()
        data = make.interaction_data(person_id=ana["id"], direction=direction, occurred_at=occurred_at)
        contacts.ask("create_interaction", data=data)
    contacts.deliver(*contacts.told())

    [line, *_] = contacts.ask("list_person_timeline", ana["id"], params={"source": "contacts"}).body["items"]
    assert (line["resource"], line["summary"]) == ("interactions", "Asks for a quote.")
    shown = contacts.ask("get_person", ana["id"])
    assert shown.body["last_contact_on"] == str((now - timedelta(days=10)).date())
    assert shown.headers["x-etag"] == "1"


@pytest.mark.parametrize(
    ("grants", "seen"),
    [
        ({}, []),
        ({"leads_read": "all"}, ["mine", "teams", "foreign"]),
        ({"leads_read": "own"}, ["mine"]),
        ({"leads_read": "team"}, ["mine", "teams"]),
        ({"cases_read": "all"}, []),
    ],
)
def test_a_timeline_shows_what_the_caller_may_see_of_each_record(contacts, ana, grants, seen):
    eva = somebody("Eva", people_read="all", **grants)
    owners = {"mine": (eva.user_id, uuid4()), "teams": (uuid4(), eva.group_id), "foreign": (uuid4(), uuid4())}
    subjects = {}
    for whose, (owner, group) in owners.items():
        subjects[str(lead_noticed(contacts, ana, owner=owner, group=group).subject_id)] = whose

    items = contacts.ask("list_person_timeline", ana["id"], by=eva).body["items"]

    assert {subjects[item["subject_id"]] for item in items} == set(seen)


def test_a_contact_out_of_reach_has_no_timeline(contacts, ana):
    stranger = somebody("Eva", people_read="own")

    assert contacts.refused("list_person_timeline", ana["id"], by=stranger).status == 404


def test_the_customer_page_takes_people_and_companies_alike(contacts, ana, acme):
    contacts.deliver(*contacts.told())
    for customer in (ana, acme):
        lines = contacts.ask("customer_timeline", customer["id"]).body["items"]
        assert [line["type"] for line in lines] == ["crm.contacts.contact_created.v1"]
        for block in ("customer_relations", "customer_interests", "customer_interactions"):
            assert contacts.ask(block, customer["id"]).body == []
    seller = somebody("Eva", companies_read="all")
    assert contacts.refused("customer_timeline", ana["id"], by=seller).status == 404
    assert contacts.ask("customer_timeline", acme["id"], by=seller).body["items"]


def test_a_record_that_changes_hands_takes_its_earlier_lines_along(contacts, ana):
    eva = somebody("Eva", people_read="all", leads_read="own")
    event = LeadNoticed(lead_id=uuid4(), contact_id=UUID(ana["id"]))
    for sequence, owner in ((1, uuid4()), (2, eva.user_id)):
        contacts.tell(event, subject=f"leads/{event.lead_id}", sequence=sequence, owner=owner)

    assert types(contacts, ana, by=eva) == ["lead_noticed", "lead_noticed"]
