"""SLA policies: one default, complete, and never a response later than the resolution."""

import pytest

from tests.factories import cases as make


def test_another_default_takes_the_place_of_the_first(cases, standard):
    gold = cases.ask("create_sla_policy", data=make.policy_data(name="Oro")).body

    assert gold["is_default"]
    assert not cases.ask("get_sla_policy", standard["id"]).body["is_default"]


@pytest.mark.parametrize("changes", [{"is_default": False}, {"active": False}])
def test_the_default_policy_cannot_be_switched_off(cases, standard, changes):
    refused = cases.refused("update_sla_policy", standard["id"], data=changes, version=1)

    assert refused.slug == "default-policy-stays"


@pytest.mark.parametrize(
    ("more", "slug"),
    [
        ({"targets": make.targets()[:3]}, "default-policy-is-incomplete"),
        ({"targets": [*make.targets()[:3], {"priority": "urgent"}]}, "default-policy-is-incomplete"),
        ({"targets": make.targets(high=(9, 8))}, "response-later-than-resolution"),
        (
            {
                "is_default": False,
                "targets": [{"priority": "high", "first_response_minutes": 2, "resolution_seconds": 119}],
            },
            "response-later-than-resolution",
        ),
        ({"is_default": False, "targets": make.targets()[:1] * 2}, "priority-is-named-twice"),
        ({"levels": [{"level": 1, "metric": "resolution", "notify": ["supervisor"]}]}, "level-says-not-when"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(cases, madrid, more, slug):
    assert cases.refused("create_sla_policy", data=make.policy_data(**more)).slug == slug


def test_new_terms_are_a_new_version_and_a_new_place_in_the_order_is_none(cases, standard):
    cases.ask("update_sla_policy", standard["id"], data={"position": 5}, version=1)
    changed = cases.ask("update_sla_policy", standard["id"], data={"warning_percent": 80}, version=2).body

    assert changed["terms_number"] == 2
    assert [e.data["number"] for e in cases.told() if e.type.startswith("crm.cases.sla_policy_changed")] == [1, 2]


def test_chats_and_calls_are_promised_seconds(cases, madrid, workflow):
    chat = {"priority": "normal", "first_response_seconds": 30, "resolution_minutes": 2, "resolution_seconds": 30}
    cases.ask("create_sla_policy", data=make.policy_data(targets=[chat, *make.targets()[2:], make.targets()[0]]))

    case = cases.ask("create_case", data=make.case_data(channel="chat")).body

    assert {clock["metric"]: clock["target_seconds"] for clock in case["sla"]} == {
        "first_response": 30,
        "resolution": 150,
    }
