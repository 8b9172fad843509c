"""By whose hours a clock counts: the metric's, the policy's, the company's, the area's, or else the default ones."""

import pytest

from tests.factories import cases as make

pytestmark = pytest.mark.usefixtures("madrid", "workflow", "clock")
ACME = "0190f3a0-0000-7000-8000-0000000000c1"
ACME_BEFORE = "0190f3a0-0000-7000-8000-0000000000c2"
NIGHT_SHIFT = "0190f3a0-0000-7000-8000-0000000000a1"
OTHERS = "0190f3a0-0000-7000-8000-0000000000a2"


@pytest.fixture
def calendar(cases):
    """Make a calendar that opens from eight on, for so many hours."""

    def make_one(name, closes, **more):
        week = {day: [{"opens": "08:00", "closes": closes}] for day in ("monday", "tuesday", "wednesday")}
        return cases.ask("create_calendar", data=make.calendar_data(name=name, week=week, **more)).body

    return make_one


@pytest.fixture
def due(cases):
    """When, by the wall of Madrid, the resolution of a case is due."""

    def of(case):
        clocks = cases.ask("list_case_clocks", case["id"]).body
        return {each["metric"]: each["due_at"] for each in clocks}["resolution"]

    return of


def registered(cases, **data):
    return cases.ask("create_case", data=make.case_data(**data)).body


def wall(text):
    return make.at(text).isoformat().replace("+00:00", "Z")


@pytest.fixture
def area(cases):
    """A case type whose cases belong to the night shift."""
    return cases.ask("create_case_type", data=make.type_data(group_id=NIGHT_SHIFT)).body


def test_of_a_company_its_own_hours_count_then_those_of_the_area_then_the_default(cases, standard, area, calendar, due):
    assert due(registered(cases, type_id=area["id"])) == wall("2026-03-02 17:00")
    calendar("Noche", "13:00", group_ids=[NIGHT_SHIFT])

    assert due(registered(cases, type_id=area["id"])) == wall("2026-03-03 12:00")
    assert due(registered(cases)) == wall("2026-03-02 17:00")
    calendar("Acme", "11:00", company_ids=[ACME])
    assert due(registered(cases, type_id=area["id"], company_id=ACME)) == wall("2026-03-04 11:00")
    assert due(registered(cases, type_id=area["id"], company_id=OTHERS)) == wall("2026-03-03 12:00")


def test_what_a_policy_says_comes_before_and_what_it_says_of_a_metric_before_that(cases, calendar, due):
    calendar("Acme", "11:00", company_ids=[ACME])
    plain, own = calendar("Plan", "13:00"), calendar("Resolución", "17:00")
    policy = cases.ask("create_sla_policy", data=make.policy_data(calendar_id=plain["id"])).body

    assert due(registered(cases, company_id=ACME)) == wall("2026-03-03 12:00")
    change = {"metric_calendars": [{"metric": "resolution", "calendar_id": own["id"]}]}
    cases.ask("update_sla_policy", policy["id"], data=change, version=policy["version"])
    assert due(registered(cases, company_id=ACME)) == wall("2026-03-02 17:00")


def test_clocks_that_run_stay_with_their_hours_and_the_next_one_has_those_of_the_area_that_answers(
    cases, clock, calendar, due
):
    targets = [{**each, "next_response_minutes": 120} for each in make.targets()]
    cases.ask("create_sla_policy", data=make.policy_data(targets=targets))
    case = registered(cases)
    calendar("Noche", "10:30", group_ids=[NIGHT_SHIFT])
    cases.ask("assign_case", case["id"], data={"group_id": NIGHT_SHIFT})

    assert due(case) == wall("2026-03-02 17:00")
    cases.ask("reply_to_case", case["id"], data={"text": "Lo miramos"})
    clock.at(make.at("2026-03-02 10:00"))
    cases.ask("add_case_message", case["id"], data={"text": "¿Y bien?"})
    shown = {each["metric"]: each["due_at"] for each in cases.ask("list_case_clocks", case["id"]).body}
    assert shown["resolution"] == wall("2026-03-02 17:00")
    assert shown["next_response"] == wall("2026-03-03 09:30")


def test_a_case_that_becomes_anothers_counts_by_that_ones_hours(cases, standard, clock, calendar, due):
    calendar("Acme", "11:00", company_ids=[ACME])
    case = registered(cases)
    clock.at(make.at("2026-03-02 10:00"))

    cases.ask("update_case", case["id"], data={"company_id": ACME}, version=case["version"])

    assert due(case) == wall("2026-03-04 11:00")


def test_a_company_that_was_merged_keeps_its_hours(cases, standard, calendar, due):
    from contracts.contacts import ContactKind, ContactMerged

    calendar("Acme", "11:00", company_ids=[ACME_BEFORE])
    one = ContactMerged(
        merge_id=ACME,
        kind=ContactKind.COMPANY,
        survivor_id=ACME,
        absorbed_ids=[ACME_BEFORE],
        display_name="Acme",
        links=[],
        field_choices={},
        conflicts=[],
    )
    cases.tell(one, subject=f"companies/{ACME}")

    for id_ in (ACME, ACME_BEFORE):
        assert due(registered(cases, company_id=id_)) == wall("2026-03-04 11:00")


def test_a_company_or_an_area_has_one_calendar(cases, calendar):
    night = calendar("Noche", "13:00", group_ids=[NIGHT_SHIFT], company_ids=[ACME])
    for more in ({"group_ids": [OTHERS, NIGHT_SHIFT]}, {"company_ids": [ACME]}):
        refusal = cases.refused("create_calendar", data=make.calendar_data(name="Otra", **more), locale="es")
        assert (refusal.status, refusal.slug, "Noche" in refusal.detail) == (409, "calendar-is-anothers", True)
    other = calendar("Otro", "13:00")
    change = {"group_ids": [NIGHT_SHIFT]}
    refusal = cases.refused("update_calendar", other["id"], data=change, version=other["version"])
    assert refusal.slug == "calendar-is-anothers"
    # It may say again what is its own, and give it up.
    for groups in ([NIGHT_SHIFT], []):
        night = cases.ask("update_calendar", night["id"], data={"group_ids": groups}, version=night["version"]).body
    cases.ask("update_calendar", other["id"], data=change, version=other["version"])


def test_a_calendar_that_is_somebodys_is_deleted_only_after_another_took_its_place(cases, calendar):
    night, next_one = (
        calendar("Noche", "13:00", group_ids=[NIGHT_SHIFT]),
        calendar("Tarde", "20:00", company_ids=[ACME]),
    )
    refusal = cases.refused("delete_calendar", night["id"], locale="es")
    assert (refusal.slug, refusal.params["users"]) == ("cases-still-used", "empresas o áreas")

    cases.ask("replace_calendar", night["id"], data={"replacement_id": next_one["id"]})

    left = cases.ask("get_calendar", next_one["id"]).body
    assert (left["company_ids"], left["group_ids"]) == ([ACME], [NIGHT_SHIFT])
    cases.ask("replace_calendar", next_one["id"], data={"replacement_id": next_one["id"]})
    assert cases.ask("get_calendar", next_one["id"]).body["group_ids"] == [NIGHT_SHIFT]
    cases.ask("delete_calendar", night["id"])
