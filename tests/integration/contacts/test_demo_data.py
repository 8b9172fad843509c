from datetime import UTC, datetime

import pytest

from chassis.clock import stopped
from chassis.errors import Refusal
from tests.factories import contacts as make
from tests.kit.service import somebody
from tools.demo.loading import Size, load
from tools.demo.reaching import load_reach

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SMALL = Size(companies=12, people=40, interactions=60)


@pytest.fixture(autouse=True)
def _now():
    """Whatever the machine's calendar says: what the demo data tells of is past or to come as seen from its day."""
    with stopped(NOW):
        yield


class DirectAsker:
    """Asks the service under test instead of the bus."""

    def __init__(self, service):
        self.service = service

    def ask_all(self, calls):
        for call in calls:
            operation = call.operation.removeprefix("contacts.")
            try:
                yield self.service.ask(
                    operation, *call.ids, data=call.data, params=call.params or None, by=call.by
                ).body
            except Refusal as refusal:
                yield refusal


@pytest.fixture
def catalogue(contacts):
    same = {
        "inverse_name": {"es": "a", "en": "a"},
        "name": {"es": "a", "en": "a"},
        "from_kind": "any",
        "to_kind": "any",
    }
    for slug in ("manager", "friend", "ex-colleague", "golf-partner", "subsidiary", "partner"):
        contacts.ask("create_relation_type", data=make.relation_type_data(slug=slug, **same))
    for slug in ("customer", "prospect", "supplier"):
        contacts.ask("create_link_kind", data={"slug": slug, "name": {"es": slug, "en": slug}})


def test_the_demo_contacts_are_loaded_once_and_shared_out(contacts, catalogue):
    owners = [somebody("Ana"), somebody("Marta")]

    first = load(DirectAsker(contacts), owners, NOW, SMALL)
    told = len(contacts.told())
    second = load(DirectAsker(contacts), owners, NOW, SMALL)

    assert (first.companies, first.people, first.interactions) == (12, 40, 60)
    assert first.relations > 10
    assert not second.anything
    assert len(contacts.told()) == told
    people = contacts.ask("list_people", params={"limit": "200"}).body["items"]
    assert {person["owner_id"] for person in people} == {str(owner.user_id) for owner in owners}
    assert all(person["employments"] for person in people)


def test_the_demo_segments_and_consents_are_loaded_once(contacts, catalogue):
    asker, owners = DirectAsker(contacts), [somebody("Ana")]
    load(asker, owners, NOW, SMALL)

    assert load_reach(asker, owners) == 4
    told = len(contacts.told())
    assert load_reach(asker, owners) == 0

    assert len(contacts.told()) == told
    [listed] = contacts.ask("list_lists").body["items"]
    shown = contacts.ask("list_list_members", listed["id"], params={"count": "true"}).body
    assert shown["total"] >= 12
    segments = contacts.ask("list_segments").body["items"]
    assert {each["kind"] for each in segments} == {"person", "company"}
    states = {event.data["state"] for event in contacts.told() if event.type.endswith("consent_changed.v1")}
    assert states == {"opted_in", "unknown", "opted_out", "objected"}
