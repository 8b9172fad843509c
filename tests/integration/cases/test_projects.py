"""Projects: planned by a plan, worked on by tasks, finished or given up, seen by whom they belong to."""

import pytest

from chassis.ids import new_id
from contracts.administration import CustomFieldDefined, UserDeactivated
from tests.factories import cases as make
from tests.kit.service import somebody


@pytest.fixture
def plan(cases, madrid, clock):
    return cases.ask("create_plan", data=make.plan_data()).body


@pytest.fixture
def project(cases, plan):
    return cases.ask("create_project", data={"name": "Fibra", "plan_id": plan["id"]}).body


def _state(cases, project):
    return cases.ask("get_project", project["id"]).body["state"]


def test_a_plan_gives_a_project_its_tasks_due_in_working_time_for_whoever_is_responsible(cases, project, happened):
    assert (project["state"], project["owner_id"]) == ("planned", str(cases.actor.user_id))
    assert project["responsible_id"] == project["owner_id"]
    assert [(task["title"], task["required"], task["due_at"]) for task in project["tasks"]] == [
        ("Inicio", True, "2026-03-02T17:00:00Z"),
        ("Entrega", False, None),
    ]
    assert {task["assignee_id"] for task in project["tasks"]} == {project["owner_id"]}
    [(_, told)] = happened("project_created")
    assert (told["project_id"], told["responsible_id"]) == (project["id"], project["owner_id"])


def test_the_time_of_its_tasks_begins_with_the_day_on_which_it_starts(cases, plan):
    later = {"name": "Fibra", "plan_id": plan["id"], "starts_on": "2026-03-09"}

    assert cases.ask("create_project", data=later).body["tasks"][0]["due_at"] == "2026-03-09T17:00:00Z"


def test_it_begins_with_the_first_task_done_and_ends_when_the_required_ones_are(cases, project, happened):
    first, second = project["tasks"]
    refused = cases.refused("finish_project", project["id"])
    assert (refused.status, refused.slug, refused.params["tasks"]) == (409, "tasks-are-open", "Inicio")

    assert cases.ask("finish_project_task", first["id"]).body["state"] == "done"
    assert _state(cases, project) == "active"
    assert cases.refused("finish_project_task", first["id"]).slug == "task-is-not-open"
    assert cases.ask("skip_project_task", second["id"]).body["state"] == "skipped"
    done = cases.ask("finish_project", project["id"]).body

    assert done["state"] == "done"
    assert done["ended_at"] == done["started_at"] == "2026-03-02T08:00:00Z"
    assert [(data["title"], data["state"]) for _, data in happened("project_task_done")] == [
        ("Inicio", "done"),
        ("Entrega", "skipped"),
    ]
    assert [data["state"] for _, data in happened("project_state_changed")] == ["active", "done"]


@pytest.mark.parametrize(
    ("way", "verbs"),
    [
        (["planned", "active", "done", "active"], ["start", "finish", "reopen"]),
        (["planned", "cancelled", "planned"], ["cancel", "reopen"]),
        (["planned", "active", "cancelled", "active"], ["start", "cancel", "reopen"]),
    ],
)
def test_where_a_project_goes(cases, madrid, way, verbs):
    project = cases.ask("create_project", data={"name": "Fibra"}).body
    states = [project["state"]]
    for verb in verbs:
        body = {"data": {"because": "Ya no"}} if verb == "cancel" else {}
        states.append(cases.ask(f"{verb}_project", project["id"], **body).body["state"])

    assert states == way


def test_what_a_project_is_not_for_is_refused(cases, project, plan):
    cases.ask("cancel_project", project["id"], data={"because": "El cliente se fue"})

    assert cases.ask("get_project", project["id"]).body["ended_because"] == "El cliente se fue"
    assert cases.refused("start_project", project["id"]).slug == "project-is-in-another-state"
    assert cases.refused("finish_project", project["id"], locale="es").detail == (
        "El proyecto está en estado «cancelado»."
    )
    assert cases.refused("finish_project", project["id"]).params == {"state": "cancelled"}
    assert cases.refused("add_project_task", project["id"], data={"title": "Más"}).status == 409
    ends = {"name": "Fibra", "starts_on": "2026-03-09", "ends_on": "2026-03-08"}
    assert cases.refused("create_project", data=ends).slug == "project-ends-before-it-starts"
    assert cases.refused("create_project", data={"name": "Fibra", "plan_id": project["id"]}).params == {
        "field": "plan_id"
    }
    sale = {"name": "Fibra", "opportunity_id": plan["id"]}
    cases.ask("create_project", data=sale)
    assert cases.refused("create_project", data=sale).slug == "opportunity-has-its-project"


def test_a_project_is_changed_passed_on_and_its_fields_have_a_history(cases, project, happened):
    luis = somebody("Luis")
    cases.ask("update_project", project["id"], data={"name": "Fibra y router"}, version=project["version"])
    passed = cases.ask("assign_project", project["id"], data={"responsible_id": str(luis.user_id), "because": "zona"})

    assert (passed.body["name"], passed.body["owner_id"]) == ("Fibra y router", str(luis.user_id))
    assert [data["changed"] for _, data in happened("project_updated")] == [["name"]]
    assert [data["because"] for _, data in happened("project_assigned")] == ["zona"]
    changed = {each["field"] for each in cases.ask("project_history", project["id"]).body}
    assert {"name", "owner_id"} <= changed
    stale = cases.refused("update_project", project["id"], data={"name": "x"}, version=1)
    assert stale.status == 412


def test_projects_and_tasks_are_seen_by_whom_they_belong_to(cases, plan):
    ana, luis = (somebody(name, projects_write="own", projects_read="own") for name in ("Ana", "Luis"))
    project = cases.ask("create_project", data={"name": "Fibra", "plan_id": plan["id"]}, by=ana).body
    task = project["tasks"][0]

    assert [each["id"] for each in cases.ask("list_projects", by=ana).body["items"]] == [project["id"]]
    mine = cases.ask("list_project_tasks", params={"project_id": project["id"]}, by=ana).body["items"]
    assert [each["title"] for each in mine] == ["Inicio", "Entrega"]
    assert cases.ask("list_projects", by=luis).body["items"] == []
    assert cases.ask("list_project_tasks", by=luis).body["items"] == []
    for operation in ("get_project_task", "finish_project_task", "skip_project_task"):
        assert cases.refused(operation, task["id"], by=luis).status == 404
    assert cases.refused("update_project_task", task["id"], data={"title": "x"}, by=luis, version=1).status == 404
    assert cases.refused("add_project_task", project["id"], data={"title": "x"}, by=luis).status == 404
    nobody = somebody("Eva", cases_read="all")
    assert cases.refused("list_projects", by=nobody).status == 403


def test_projects_are_found_by_words_customer_state_and_responsible(cases, plan):
    person = str(cases.actor.group_id)
    fibre = cases.ask("create_project", data={"name": "Instalación de fibra", "person_id": person}).body
    other = cases.ask("create_project", data={"name": "Auditoría"}).body
    cases.ask("start_project", other["id"])

    def found(**params):
        return [each["id"] for each in cases.ask("list_projects", params=params).body["items"]]

    assert found(q="fibra") == found(contact_id=person) == found(state="planned") == [fibre["id"]]
    assert found(is_open="true", responsible_id=str(cases.actor.user_id)) == [other["id"], fibre["id"]]
    assert found(is_open="false") == []
    tree = {"filter": {"field": "state", "op": "eq", "value": "active"}}
    assert [each["id"] for each in cases.ask("search_projects", data=tree).body["items"]] == [other["id"]]


def test_a_case_may_belong_to_a_project_that_its_agent_may_see(cases, standard, workflow, project):
    case = cases.ask("create_case", data=make.case_data(project_id=project["id"])).body

    assert [each["id"] for each in cases.ask("list_cases", params={"project_id": project["id"]}).body["items"]] == [
        case["id"]
    ]
    eva = somebody("Eva", cases_write="all", projects_read="own")
    refused = cases.refused("create_case", data=make.case_data(project_id=project["id"]), by=eva)
    assert (refused.status, refused.params) == (422, {"field": "project_id"})
    moved = cases.refused("update_case", case["id"], data={"project_id": case["id"]}, version=case["version"])
    assert moved.slug == "cases-unknown-reference"


def test_one_plan_is_the_default_and_what_is_used_stays(cases, plan, project):
    assert plan["is_default"]
    other = cases.ask("create_plan", data=make.plan_data(name="Auditoría")).body
    assert not other["is_default"]

    assert cases.refused("delete_plan", plan["id"]).slug == "default-plan-stays"
    off = {"active": False}
    assert cases.refused("update_plan", plan["id"], data=off, version=plan["version"]).slug == "default-plan-stays"
    assert cases.ask("make_default_plan", other["id"]).body["is_default"]
    assert not cases.ask("get_plan", plan["id"]).body["is_default"]
    assert cases.refused("delete_plan", plan["id"]).params == {"users": "projects"}
    assert cases.refused("create_plan", data=make.plan_data()).slug == "cases-name-is-taken"
    assert cases.refused("create_plan", data=make.plan_data(name="x", after_sale_type_id=plan["id"])).status == 422
    spare = cases.ask("create_plan", data=make.plan_data(name="Otro")).body
    cases.ask("delete_plan", spare["id"])
    assert [each["name"] for each in cases.ask("list_plans").body["items"]] == ["Auditoría", "Servicio"]


def test_the_work_of_somebody_who_left_is_passed_on_open_tasks_included(cases, project, happened):
    luis = somebody("Luis")
    cases.ask("finish_project_task", project["tasks"][1]["id"])
    left = UserDeactivated(user_id=cases.actor.user_id, handover_to=luis.user_id, deactivated_at=make.at("2026-03-02"))
    cases.tell(left)

    passed = cases.ask("get_project", project["id"]).body
    assert passed["owner_id"] == str(luis.user_id)
    assert [task["assignee_id"] for task in passed["tasks"]] == [str(luis.user_id), str(cases.actor.user_id)]
    assert [data["because"] for _, data in happened("project_assigned")] == ["handover"]


def test_an_installation_adds_fields_to_projects(cases, madrid):
    cases.tell(
        CustomFieldDefined(
            field_id=new_id(),
            resource="projects",
            name="building",
            kind="text",
            required=False,
            options=[],
            labels={"es": "Edificio", "en": "Building"},
            default=None,
        )
    )
    made = cases.ask("create_project", data={"name": "Fibra", "custom": {"building": "Torre 2"}}).body

    assert made["custom"] == {"building": "Torre 2"}
    assert cases.refused("create_project", data={"name": "Fibra", "custom": {"floor": "2"}}).status == 422
