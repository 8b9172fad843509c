"""Cases keep to the version of their type; a change is looked at before, and propagated to others where told to."""

import functools
import time

import pytest
import sqlalchemy as sa

from chassis.db import migrations
from chassis.db.database import Database
from chassis.jobs import jobs_in
from chassis.ops.job_runner import JobRunner
from services.cases import handlers
from services.cases.domain.case_type import CaseType, effective
from services.cases.domain.type_version import TypeVersion
from tests.factories import cases as make

FIELD = {"name": "invoice", "label": make.name("Factura"), "required": True}


@pytest.fixture
def tree(cases, standard, workflow, clock):
    """Complaint > Billing and Service; service says its priority itself."""
    complaint = cases.ask("create_case_type", data=make.type_data("complaint", priority="high")).body
    billing = cases.ask("create_case_type", data=make.type_data("billing", parent_id=complaint["id"])).body
    service = make.type_data("service", parent_id=complaint["id"], priority="low")
    return complaint, billing, cases.ask("create_case_type", data=service).body


@pytest.fixture
def ended(cases):
    """Wait for a job and return what it says."""
    runner = JobRunner("cases", cases.database, cases.database.metadata, jobs_in(handlers))
    start = functools.cache(runner.start)  # once, behind the changes of the test

    def wait(job):
        start()
        for _ in range(1200):
            shown = cases.ask("get_job", job).body
            if shown["finished_at"]:
                return shown
            time.sleep(0.05)
        raise AssertionError(f"the job does not end: {shown}")

    yield wait
    runner.stop()


def _case(cases, type_, **more):
    return cases.ask("create_case", data=make.case_data(type_id=type_["id"], **more)).body


def _change(cases, type_, **changes):
    version = cases.ask("get_case_type", type_["id"]).body["version"]
    return cases.ask("update_case_type", type_["id"], data=changes, version=version).body


def _versions(cases, type_):
    found = cases.ask("list_case_type_versions", type_["id"]).body
    return [(each["number"], each["holds"]["priority"], each["open_cases"]) for each in found]


def test_each_change_is_a_version_of_the_type_and_of_those_below_that_it_reaches(cases, tree, happened):
    complaint, billing, service = tree
    _case(cases, billing)
    _change(cases, complaint, priority="urgent")
    _case(cases, billing)

    assert _versions(cases, complaint) == [(2, "urgent", 0), (1, "high", 0)]
    assert _versions(cases, billing) == [(2, "urgent", 1), (1, "high", 1)]
    assert _versions(cases, service) == [(1, "low", 0)]
    _change(cases, complaint, name=make.name("Queja"))
    assert len(_versions(cases, complaint)) == 2, "a name promises nothing"
    told = [(data["slug"], data["number"], data["changed"]) for _, data in happened("case_type_version_activated")]
    assert told[-1] == ("complaint", 2, ["priority"])


def test_an_open_case_keeps_to_the_fields_of_its_version_and_a_new_one_has_the_new_ones(cases, tree):
    _, billing, _ = tree
    case = _case(cases, billing)
    _change(cases, billing, fields=[FIELD])

    assert case["type_version"] == 1
    same = cases.ask("update_case", case["id"], data={"subject": "x", "fields": {}}, version=case["version"]).body
    assert (same["type_version"], same["fields"]) == (1, {})
    refused = cases.refused("create_case", data=make.case_data(type_id=billing["id"]))
    assert (refused.status, [each["pointer"] for each in refused.params["errors"]]) == (422, ["/fields/invoice"])
    assert _case(cases, billing, fields={"invoice": "F-1"})["type_version"] == 2


def test_a_case_that_gets_another_type_keeps_to_the_present_version_of_that(cases, tree):
    _, billing, service = tree
    _change(cases, service, fields=[FIELD])
    case = _case(cases, billing)
    moved = {"type_id": service["id"], "fields": {"invoice": "F-1"}}

    assert cases.ask("update_case", case["id"], data=moved, version=case["version"]).body["type_version"] == 2


def test_a_preview_counts_open_cases_and_names_the_types_that_say_otherwise_and_changes_nothing(cases, tree, happened):
    complaint, billing, service = tree
    for type_ in (billing, billing, service):
        _case(cases, type_)
    done = _case(cases, billing)
    cases.ask("transition_case", done["id"], data={"transition": "resolve", "solution": "Hecho"})
    gold = make.policy_data(name="Oro", is_default=False)
    gold = cases.ask("create_sla_policy", data=gold).body
    told = len(happened())
    seen = cases.ask("preview_case_type", complaint["id"], data={"priority": "urgent", "sla_policy_id": gold["id"]})

    assert seen.body["open_cases"] == 3
    assert [(each["slug"], sorted(each["attributes"]), each["open_cases"]) for each in seen.body["affected"]] == [
        ("complaint", ["priority", "sla_policy_id"], 0),
        ("billing", ["priority", "sla_policy_id"], 2),
        ("service", ["sla_policy_id"], 1),
    ]
    assert [(each["slug"], each["attributes"]) for each in seen.body["overriding"]] == [("service", ["priority"])]
    assert cases.ask("get_case_type", complaint["id"]).body["effective"]["priority"] == "high"
    assert len(happened()) == told


def test_a_preview_of_a_move_and_of_nonsense(cases, tree):
    complaint, billing, _ = tree
    order = cases.ask("create_case_type", data=make.type_data("order", priority="low")).body
    _case(cases, billing)
    moved = cases.ask("preview_case_type", billing["id"], data={"parent_id": order["id"]}).body

    assert [(each["slug"], each["attributes"], each["open_cases"]) for each in moved["affected"]] == [
        ("billing", ["priority"], 1)
    ]
    for parent in (billing["id"], billing["version"] and "0190f3a0-0000-7000-8000-000000000001"):
        assert cases.refused("preview_case_type", complaint["id"], data={"parent_id": parent}).status == 422
    assert cases.refused("preview_case_type", billing["id"], data={"colour": "red"}).status == 422
    assert cases.ask("preview_case_type", billing["id"], data={}).body["affected"] == []


def test_propagated_to_types_below_they_give_up_what_was_chosen_and_it_is_reported(cases, tree):
    complaint, _, service = tree
    _change(cases, service, fields=[{**FIELD, "required": False}], kind="service")
    _change(cases, complaint, fields=[FIELD])
    done = cases.ask(
        "propagate_case_type", complaint["id"], data={"attributes": ["priority", "fields"], "children": True}
    ).body

    assert [(each["slug"], each["attributes"]) for each in done["reset"]] == [("service", ["priority", "fields"])]
    assert (done["job_id"], done["open_cases"]) == (None, 0)
    holds = cases.ask("get_case_type", service["id"]).body["effective"]
    assert (holds["priority"], holds["kind"], holds["fields"][0]["required"]) == ("high", "service", True)
    assert _versions(cases, service)[0][1] == "high"
    assert cases.refused("propagate_case_type", complaint["id"], data={"attributes": ["colour"]}).status == 422


def test_propagated_to_open_cases_they_follow_in_the_background_and_what_was_set_by_hand_stays(
    cases, tree, ended, happened
):
    complaint, billing, _ = tree
    case = _case(cases, billing)
    by_hand = _case(cases, billing, priority="low")
    resolved = _case(cases, billing)
    cases.ask("transition_case", resolved["id"], data={"transition": "resolve", "solution": "Hecho"})
    gold = make.policy_data(name="Oro", is_default=False, targets=make.targets(urgent=(1, 2), low=(1, 3)))
    gold = cases.ask("create_sla_policy", data=gold).body
    _change(cases, complaint, priority="urgent", sla_policy_id=gold["id"], tasks=[{"title": "Llamar"}])
    assert cases.ask("get_case", case["id"]).body["policy_because"] == "default"
    started = cases.ask("propagate_case_type", complaint["id"], data={"open_cases": True}).body
    job = ended(started["job_id"])

    assert (started["open_cases"], job["state"], job["error"]) == (2, "done", None)
    assert (job["examined"], job["moved"]) == (2, 2)
    now = cases.ask("get_case", case["id"]).body
    assert (now["type_version"], now["priority"], now["policy_because"]) == (2, "urgent", "type")
    assert [task["title"] for task in now["tasks"]] == ["Llamar"]
    assert {each["metric"]: each["due_at"] for each in now["sla"]}["resolution"] == "2026-03-02T10:00:00Z"
    kept = cases.ask("get_case", by_hand["id"]).body
    assert (kept["type_version"], kept["priority"], kept["next_due_at"]) == (2, "low", "2026-03-02T09:00:00Z")
    assert cases.ask("get_case", resolved["id"]).body["type_version"] == 1
    [(_, told)] = happened("case_type_propagated")
    assert (told["slug"], told["examined"], told["changed"]) == ("complaint", 2, 2)
    assert (
        ended(cases.ask("propagate_case_type", complaint["id"], data={"open_cases": True}).body["job_id"])["moved"] == 0
    )


def test_a_case_follows_to_another_workflow_where_its_state_is_there_too(cases, tree, ended):
    _, billing, _ = tree
    here, gone = _case(cases, billing), _case(cases, billing)
    cases.ask("transition_case", gone["id"], data={"transition": "wait-for-others"})
    body = make.workflow_data(name="Corto")
    body["states"] = [each for each in body["states"] if each["key"] in {"new", "resolved", "closed"}]
    body["transitions"] = [
        {"key": "resolve", "name": make.name("Resolver"), "to": "resolved"},
        {"key": "close", "name": make.name("Cerrar"), "to": "closed"},
    ]
    short = cases.ask("create_workflow", data=body).body
    _change(cases, billing, workflow_id=short["id"])
    ended(cases.ask("propagate_case_type", billing["id"], data={"open_cases": True}).body["job_id"])

    assert cases.ask("get_case", here["id"]).body["workflow_id"] == short["id"]
    assert cases.ask("get_case", gone["id"]).body["workflow_id"] == gone["workflow_id"]


def test_the_types_that_ship_have_their_first_version(database_url):
    migrations.upgrade("cases", database_url)
    database = Database(database_url)
    with database.read() as session:
        types = {each.id: each for each in session.scalars(sa.select(CaseType))}
        found = {each.type_id: (each.number, each.holds) for each in session.scalars(sa.select(TypeVersion))}
    database.dispose()

    holds = {id_: (1, effective([*(types[above] for above in each.ancestor_ids), each])) for id_, each in types.items()}
    assert found == holds
    assert {each.slug for each in types.values()} >= {"after-sale", "complaint-billing"}
