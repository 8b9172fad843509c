"""The tree of types inherits live; a workflow makes sense or is refused."""

import pytest

from tests.factories import cases as make


@pytest.fixture
def tree(cases):
    """Complaint > Billing > Wrong amount."""
    above, made = None, []
    for slug in ("complaint", "billing", "wrong-amount"):
        made.append(cases.ask("create_case_type", data=make.type_data(slug, parent_id=above)).body)
        above = made[-1]["id"]
    return made


def _effective(cases, type_):
    return cases.ask("get_case_type", type_["id"]).body["effective"]


def test_a_type_has_what_the_nearest_type_above_it_says_also_when_that_changes(cases, tree):
    complaint, billing, amount = tree
    cases.ask("update_case_type", complaint["id"], data={"priority": "high", "kind": "complaint"}, version=1)
    assert _effective(cases, amount)["priority"] == "high"

    cases.ask("update_case_type", billing["id"], data={"priority": "urgent"}, version=1)
    assert (_effective(cases, amount)["priority"], _effective(cases, amount)["kind"]) == ("urgent", "complaint")

    cases.ask("update_case_type", billing["id"], data={"priority": None}, version=2)
    assert _effective(cases, amount)["priority"] == "high"


def test_tasks_add_up_and_a_field_of_the_same_name_replaces_the_one_above(cases, tree):
    complaint, _, amount = tree
    field = {"name": "invoice", "label": make.name("Factura")}
    cases.ask("update_case_type", complaint["id"], data={"tasks": [{"title": "Llamar"}], "fields": [field]}, version=1)
    own = {"tasks": [{"title": "Abonar", "required": True}], "fields": [{**field, "required": True}]}
    cases.ask("update_case_type", amount["id"], data=own, version=1)

    found = _effective(cases, amount)
    assert [task["title"] for task in found["tasks"]] == ["Llamar", "Abonar"]
    assert [(each["name"], each["required"]) for each in found["fields"]] == [("invoice", True)]


def test_a_moved_type_takes_those_below_it_along_and_never_lies_below_itself(cases, tree):
    complaint, billing, amount = tree
    order = cases.ask("create_case_type", data=make.type_data("order", priority="low")).body
    cases.ask("update_case_type", billing["id"], data={"parent_id": order["id"]}, version=1)

    assert [each["es"] for each in _effective(cases, amount)["path"]] == ["Order", "Billing", "Wrong-amount"]
    assert _effective(cases, amount)["priority"] == "low"
    into_itself = cases.refused("update_case_type", billing["id"], data={"parent_id": amount["id"]}, version=2)
    assert into_itself.slug == "type-is-its-own-ancestor"
    assert cases.refused("delete_case_type", billing["id"]).slug == "cases-still-used"
    cases.ask("delete_case_type", complaint["id"])


def test_types_are_found_by_their_words(cases, tree):
    assert [each["slug"] for each in cases.ask("list_case_types", params={"q": "bill"}).body["items"]] == ["billing"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda body: body.update(initial="closed"), "initial"),
        (lambda body: body["states"].pop(), "transitions"),
        (lambda body: body["states"].append(body["states"][0]), "keys"),
        (lambda body: body.update(transitions=[], states=body["states"][:2]), "states"),
    ],
)
def test_a_workflow_that_leads_nowhere_is_refused(cases, change, what):
    body = make.workflow_data()
    change(body)

    refused = cases.refused("create_workflow", data=body)
    assert (refused.slug, refused.params["what"]) == ("workflow-is-incomplete", what)


def test_the_first_workflow_is_the_default_and_stays_while_it_is(cases):
    workflow = cases.ask("create_workflow", data=make.workflow_data()).body

    named = cases.ask("create_sla_policy", data={"name": "Oro", "targets": []}).body
    cases.ask("create_case_type", data=make.type_data("gold", sla_policy_id=named["id"]))
    assert cases.refused("delete_sla_policy", named["id"]).params["users"] == "gold"
    assert workflow["is_default"]
    refusal = cases.refused("delete_workflow", workflow["id"], locale="es")
    assert refusal.slug == "cases-still-used"
    assert refusal.params["users"].endswith("quien no nombra ninguno")


def test_preconditions_are_listed_in_the_language_of_the_caller(cases):
    listed = {each["name"]: each["detail"] for each in cases.ask("list_preconditions", locale="es").body}

    assert listed["tasks-done"] == "Termine las tareas obligatorias."
