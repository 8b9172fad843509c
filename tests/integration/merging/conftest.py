import pytest

from tests.factories import cases as make_case
from tests.factories import contacts as make
from tests.factories import sales as make_deal


class World:
    """Contacts and those who follow it, in one process; ``settle`` brings everybody what was told so far."""

    def __init__(self, **services):
        self.services = services
        self.down = set()
        self.seen = {name: set() for name in services}

    def __getattr__(self, name):
        return self.services[name]

    def settle(self):
        """Deliver events until nobody has anything new to hear; who is down hears them later."""
        busy = True
        while busy:
            busy = False
            told = [envelope for service in self.services.values() for envelope in service.told()]
            for name, service in self.services.items():
                new = [each for each in told if each.id not in self.seen[name]]
                if new and name not in self.down:
                    busy = True
                    self.seen[name] |= {each.id for each in new}
                    for each in new:
                        service.deliver(each)

    def merge(self, survivor, *absorbed, kind="person", **sent):
        """Merge contacts and return the merge."""
        data = {"absorbed_ids": [each["id"] for each in absorbed], **sent}
        return self.contacts.ask(f"merge_{kind}", survivor["id"], data=data).body

    def unmerge(self, contact, kind="person"):
        """Undo the contact's latest merge."""
        return self.contacts.ask(f"unmerge_{kind}", contact["id"], data={}).body

    def person(self, **data):
        """Put a person on file who is like nobody else."""
        return self.contacts.ask("create_person", data=make.person_data(**data)).body

    def deal(self, person):
        """Open an opportunity with a person."""
        return self.sales.ask("create_opportunity", data=make_deal.opportunity_data(person_id=person["id"])).body

    def case(self, person, **more):
        """Open a case of a person."""
        return self.cases.ask("create_case", data=make_case.case_data(person_id=person["id"], **more)).body


@pytest.fixture
def world(run_service):
    found = World(**{name: run_service(name) for name in ("contacts", "sales", "cases", "notifications")})
    found.sales.ask("create_pipeline", data=make_deal.pipeline_data())
    found.cases.ask("create_calendar", data=make_case.calendar_data())
    found.cases.ask("create_sla_policy", data=make_case.policy_data())
    found.cases.ask("create_workflow", data=make_case.workflow_data())
    return found


@pytest.fixture
def ana(world):
    return world.person(first_name="Ana")


@pytest.fixture
def ana2(world):
    return world.person(first_name="Ana María")
