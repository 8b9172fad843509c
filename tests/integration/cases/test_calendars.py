"""Calendars and holiday sets: what they refuse, and what a change of them makes."""

import pytest

from tests.factories import cases as make


def _versions(cases):
    return [e.data["number"] for e in cases.told() if e.type == "crm.cases.calendar_changed.v1"]


def test_the_first_calendar_is_the_default(cases, madrid):
    lisbon = cases.ask("create_calendar", data=make.calendar_data(name="Lisboa", time_zone="Europe/Lisbon")).body

    assert (madrid["is_default"], lisbon["is_default"]) == (True, False)
    assert madrid["week"]["monday"] == [{"opens": "09:00", "closes": "18:00"}]
    cases.ask("make_default_calendar", lisbon["id"])
    assert not cases.ask("get_calendar", madrid["id"]).body["is_default"]


@pytest.mark.parametrize(
    ("week", "slug"),
    [
        ({"monday": [{"opens": "18:00", "closes": "09:00"}]}, "window-ends-before-it-starts"),
        ({"monday": [{"opens": "09:00", "closes": "14:00"}, {"opens": "13:00", "closes": "18:00"}]}, "windows-overlap"),
        ({"monday": [{"opens": "9", "closes": "25:00"}]}, "validation-failed"),
        ({}, "calendar-never-opens"),
    ],
)
def test_a_week_that_makes_no_sense_is_refused(cases, week, slug):
    assert cases.refused("create_calendar", data=make.calendar_data(week=week)).slug == slug


def test_a_holiday_set_is_shared_and_its_change_makes_new_hours_of_each_calendar(cases):
    holidays = cases.ask("create_holiday_set", data={"name": "España", "country": "ES"}).body
    for name in ("Madrid", "Vigo"):
        cases.ask("create_calendar", data=make.calendar_data(name=name, holiday_set_ids=[holidays["id"]]))
    kings = {"on": "2026-01-06", "name": "Reyes", "yearly": True}

    cases.ask("update_holiday_set", holidays["id"], data={"holidays": [kings]}, version=1)

    assert _versions(cases) == [1, 1, 2, 2]
    assert cases.refused("delete_holiday_set", holidays["id"]).slug == "cases-still-used"


def test_a_change_that_leaves_the_hours_alone_makes_no_new_version(cases, madrid):
    cases.ask("update_calendar", madrid["id"], data={"name": "Sede"}, version=1)

    assert _versions(cases) == [1]


def test_a_calendar_that_a_policy_names_is_deleted_only_after_another_took_its_place(cases, standard):
    vigo = cases.ask("create_calendar", data=make.calendar_data(name="Vigo")).body
    named = {"name": "Vigo", "is_default": False, "calendar_id": vigo["id"]}
    cases.ask("create_sla_policy", data=make.policy_data(**named))
    lugo = cases.ask("create_calendar", data=make.calendar_data(name="Lugo")).body

    refused = cases.refused("delete_calendar", vigo["id"], locale="es")
    assert (refused.slug, refused.params["users"]) == ("cases-still-used", "Vigo")
    cases.ask("replace_calendar", vigo["id"], data={"replacement_id": lugo["id"]})
    cases.ask("delete_calendar", vigo["id"])
    assert cases.ask("list_sla_policies").body["items"][-1]["calendar_id"] == lugo["id"]


def test_a_calendar_names_only_holiday_sets_that_exist(cases, madrid):
    refused = cases.refused("create_calendar", data=make.calendar_data(name="Vigo", holiday_set_ids=[madrid["id"]]))

    assert refused.slug == "cases-unknown-reference"
    assert cases.refused("create_calendar", data=make.calendar_data()).slug == "cases-name-is-taken"
