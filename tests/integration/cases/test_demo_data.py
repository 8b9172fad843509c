from chassis.errors import Refusal
from tests.factories import cases as make
from tests.kit.service import somebody
from tools.demo.cases import load_cases

PERSON = {"id": "0190f3a0-0000-7000-8000-000000000001", "display_name": "Ana García"}


class DirectAsker:
    """Asks the service under test instead of the bus; of people there is one."""

    def __init__(self, service):
        self.service = service

    def ask_all(self, calls):
        for call in calls:
            if call.operation == "contacts.list_people":
                yield {"items": [PERSON]}
                continue
            operation = call.operation.removeprefix("cases.")
            try:
                yield self.service.ask(
                    operation, *call.ids, data=call.data, params=call.params or None, by=call.by
                ).body
            except Refusal as refusal:
                yield refusal


def test_the_demo_cases_are_loaded_once_with_clocks_that_run(cases, standard):
    body = make.workflow_data()
    for way in body["transitions"]:
        way["preconditions"] = []
    cases.ask("create_workflow", data=body)

    assert load_cases(DirectAsker(cases), [somebody("Ana"), somebody("Luis")]) == 60
    assert load_cases(DirectAsker(cases), []) == 0

    found = cases.ask("list_cases", params={"limit": "200"}).body["items"]
    assert len({each["owner_id"] for each in found}) == 2
    assert {each["category"] for each in found} == {"open", "resolved"}
    assert all(each["next_due_at"] for each in found if each["category"] == "open")
