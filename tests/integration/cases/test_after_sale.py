"""A won opportunity: one project and one case after the sale, whatever is told how often and in whichever way."""

import pytest

from chassis.ids import new_id
from contracts.cases import CaseCreated
from contracts.projects import ProjectCreated
from tests.factories import cases as make
from tests.kit.service import somebody


@pytest.fixture
def after_sale(cases):
    task = {"title": "Llamada de bienvenida", "due_minutes": 1080, "required": True}
    return cases.ask("create_case_type", data=make.type_data("after-sale", tasks=[task])).body


@pytest.fixture
def plan(cases, standard, workflow, clock, after_sale):
    return cases.ask("create_plan", data=make.plan_data(after_sale_type_id=after_sale["id"])).body


@pytest.fixture
def ana():
    return somebody("Ana")


@pytest.fixture
def win(cases, ana):
    """Tell that ana's opportunity was won."""

    def tell(event, **more):
        subject = f"opportunities/{event.opportunity_id}"
        return cases.tell(event, subject=subject, owner=ana.user_id, group=ana.group_id, **more)

    return tell


def _projects(cases):
    return cases.ask("list_projects").body["items"]


def _cases(cases):
    return cases.ask("list_cases").body["items"]


def test_a_sale_opens_the_project_and_the_case_after_the_sale_for_its_seller(cases, plan, after_sale, ana, win):
    event = make.sale()
    win(event)

    [project] = _projects(cases)
    assert (project["name"], project["opportunity_id"]) == ("Fibra para ACME", str(event.opportunity_id))
    assert (project["person_id"], project["company_id"]) == (str(event.person_id), str(event.company_id))
    assert (project["owner_id"], project["group_id"]) == (str(ana.user_id), str(ana.group_id))
    assert (project["state"], project["starts_on"], project["plan_id"]) == ("planned", "2026-03-02", plan["id"])
    tasks = cases.ask("get_project", project["id"]).body["tasks"]
    assert [(task["title"], task["assignee_id"]) for task in tasks] == [
        ("Inicio", str(ana.user_id)),
        ("Entrega", str(ana.user_id)),
    ]

    [row] = _cases(cases)
    case = cases.ask("get_case", row["id"]).body
    assert (case["subject"], case["type_id"]) == ("Posventa: Fibra para ACME", after_sale["id"])
    assert (case["project_id"], case["company_id"]) == (project["id"], str(event.company_id))
    assert (case["responsible_id"], case["group_id"]) == (str(ana.user_id), str(ana.group_id))
    assert [(task["title"], task["assignee_id"]) for task in case["tasks"]] == [
        ("Llamada de bienvenida", str(ana.user_id))
    ]
    # Nobody has called yet: the clock of the first contact runs, and no message of the customer waits.
    assert (case["first_response_at"], case["waiting_since"]) == (None, None)
    assert {clock["state"] for clock in case["sla"]} == {"running"}


def test_both_stand_on_the_timeline_of_person_and_company(cases, plan, win):
    event = make.sale()
    win(event)

    told = {each.type: set(each.concerns) for each in cases.told()}
    assert told[ProjectCreated.type] == told[CaseCreated.type] == {event.person_id, event.company_id}


def test_told_again_or_won_again_it_opens_nothing_more(cases, plan, win):
    event = make.sale()
    first = win(event)
    cases.deliver(first)
    win(event, sequence=7)
    win(make.sale(opportunity_id=event.opportunity_id, name="Fibra y router"), sequence=9)

    assert len(_projects(cases)) == len(_cases(cases)) == 1
    win(make.sale())
    assert len(_projects(cases)) == len(_cases(cases)) == 2


def test_a_sale_that_came_to_nothing_cancels_what_nobody_began_and_won_again_it_is_planned_again(cases, plan, win):
    event = make.sale()
    win(event)
    win(make.lost_sale(event), sequence=3)
    [project] = _projects(cases)
    assert (project["state"], project["ended_because"]) == ("cancelled", "La oportunidad se perdió.")

    win(event, sequence=5)
    [project] = _projects(cases)
    assert (project["state"], project["ended_because"], len(_cases(cases))) == ("planned", None, 1)

    cases.ask("start_project", project["id"])
    win(make.lost_sale(event), sequence=7)
    assert _projects(cases)[0]["state"] == "active"


def test_a_sale_that_never_was_made_leaves_nothing(cases, plan, win):
    win(make.lost_sale(make.sale()))

    assert (_projects(cases), _cases(cases)) == ([], [])


def test_a_project_that_a_person_planned_before_is_the_one(cases, plan, win):
    event = make.sale()
    made = cases.ask("create_project", data={"name": "Antes", "opportunity_id": str(event.opportunity_id)}).body
    win(event)

    assert [each["id"] for each in _projects(cases)] == [made["id"]]


def test_plan_and_type_may_name_others_than_the_seller(cases, plan, after_sale, win):
    luis, eva = str(new_id()), str(new_id())
    cases.ask("update_plan", plan["id"], data={"responsible_id": luis}, version=1)
    cases.ask("update_case_type", after_sale["id"], data={"responsible_id": eva}, version=1)
    win(make.sale())

    assert (_projects(cases)[0]["owner_id"], _cases(cases)[0]["responsible_id"]) == (luis, eva)


@pytest.mark.parametrize("how", ["switched off", "split", "demanding"])
def test_a_type_that_takes_no_case_from_a_program_keeps_nobody_from_calling(cases, plan, after_sale, win, how):
    if how == "switched off":
        cases.ask("update_case_type", after_sale["id"], data={"active": False}, version=1)
    elif how == "split":
        cases.ask("create_case_type", data=make.type_data("welcome", parent_id=after_sale["id"]))
    else:
        fields = [{"name": "serial", "label": make.name("Serie"), "required": True}]
        cases.ask("update_case_type", after_sale["id"], data={"fields": fields}, version=1)
    win(make.sale())

    assert [each["type_id"] for each in _cases(cases)] == [None]


def test_without_a_type_after_the_sale_there_is_the_project_alone_and_without_a_plan_it_has_no_tasks(
    cases, standard, workflow, clock, win
):
    win(make.sale())
    [project] = _projects(cases)
    assert cases.ask("get_project", project["id"]).body["tasks"] == []
    cases.ask("create_plan", data=make.plan_data())
    win(make.sale())

    assert (len(_projects(cases)), _cases(cases)) == (2, [])


def test_what_a_plan_needs_is_not_deleted(cases, plan, after_sale):
    assert cases.refused("delete_case_type", after_sale["id"]).params == {"users": "Servicio"}
