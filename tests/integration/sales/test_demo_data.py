from datetime import UTC, datetime

import pytest

from chassis.calls import answered_by
from chassis.clock import stopped
from chassis.errors import Refusal
from tests.factories import contacts as make_contacts
from tests.factories import sales as make
from tests.kit.bridge import Bridge
from tests.kit.service import somebody
from tools.demo.selling import SalesSize, load

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SMALL = SalesSize(leads=16, opportunities=16, members=8, activities=4)


@pytest.fixture(autouse=True)
def _now():
    """Whatever the machine's calendar says: what the demo data tells of is past or to come as seen from its day."""
    with stopped(NOW):
        yield


class DirectAsker:
    """Asks the services under test instead of the bus."""

    def __init__(self, *services):
        self.services = {service.name: service for service in services}

    def ask_all(self, calls):
        for call in calls:
            name, _, operation = call.operation.partition(".")
            try:
                yield (
                    self.services[name]
                    .ask(operation, *call.ids, data=call.data, params=call.params or None, by=call.by)
                    .body
                )
            except Refusal as refusal:
                yield refusal


@pytest.fixture
def contacts(run_service):
    service = run_service("contacts")
    service.ask("create_interest", data={"slug": "fibra", "name": "Fibra"})
    for _ in range(10):
        person = service.ask("create_person", data=make_contacts.person_data()).body
        service.ask("create_interaction", data=make_contacts.interaction_data(person_id=person["id"]))
    return service


def test_the_demo_sales_are_loaded_once(sales, contacts, pipeline, price):
    sales.ask("create_close_reason", data=make.reason_data(ending="lead"))
    owners = [somebody("Ana"), somebody("Marta")]
    with answered_by(Bridge(contacts)):
        first = load(DirectAsker(sales, contacts), owners, NOW, SMALL)
        told = len(sales.told())
        second = load(DirectAsker(sales, contacts), owners, NOW, SMALL)

    assert (first.campaigns, first.leads, first.opportunities, first.activities) == (3, 16, 16, 4)
    assert not second.anything
    assert len(sales.told()) == told
    states = {lead["state"] for lead in sales.ask("list_leads").body["items"]}
    assert states >= {"open", "disqualified", "nurturing"}
    deals = sales.ask("list_opportunities", params={"limit": "200"}).body["items"]
    assert {deal["state"] for deal in deals} == {"open", "won", "lost"}
