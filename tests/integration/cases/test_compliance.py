"""How well service levels were kept, as the product owner asks: how many in time, of what, and who."""

import pytest

from tests.factories import cases as make
from tests.kit.service import somebody

PERIOD = {"since": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"}
AREA = "0190f3a0-0000-7000-8000-0000000000a1"


@pytest.fixture
def register(cases, standard, workflow, clock):
    def new(**data):
        return cases.ask("create_case", data=make.case_data(**data)).body

    return new


@pytest.fixture
def resolve(cases, clock):
    """Resolve a case at an instant; without an answer before, that is its first response too."""

    def then(case, at):
        clock.at(make.at(at))
        cases.ask("transition_case", case["id"], data={"transition": "resolve", "solution": "Hecho"})

    return then


@pytest.fixture
def report(cases):
    def ask(**params):
        answer = cases.ask("sla_compliance", params={**PERIOD, **params}).body
        figures = ("met", "breached", "compliance_percent", "open_breached")
        rows = {(row["metric"], row["key"]): tuple(row[name] for name in figures) for row in answer["rows"]}
        return rows if params.get("by") else {metric: row for (metric, _), row in rows.items()}

    return ask


def test_it_counts_what_ended_in_time_and_what_ended_late_and_apart_what_is_late_and_open(
    cases, register, resolve, fire, report
):
    quick, slow, waiting, merged = register(), register(), register(), register()
    cases.ask("merge_cases", quick["id"], data={"absorbed_ids": [merged["id"]]})
    resolve(quick, "2026-03-02 11:00")
    cases.ask("reply_to_case", slow["id"], data={"text": "Lo miramos"})
    resolve(slow, "2026-03-03 10:30")
    fire()

    assert report() == {"first_response": (2, 0, "100.00", 1), "resolution": (1, 1, "50.00", 1)}
    resolve(waiting, "2026-03-03 11:00")
    assert report() == {"first_response": (2, 1, "66.67", 0), "resolution": (1, 2, "33.33", 0)}
    assert report(metric="resolution") == {"resolution": (1, 2, "33.33", 0)}


def test_a_case_that_was_reopened_has_not_ended(cases, register, resolve, report):
    case = register()
    resolve(case, "2026-03-02 11:00")
    cases.ask("transition_case", case["id"], data={"transition": "reopen"})

    assert report() == {"first_response": (1, 0, "100.00", 0)}


def test_only_what_ended_in_the_period_counts_and_its_end_is_not_part_of_it(register, resolve, report):
    resolve(register(), "2026-03-02 11:00")
    day = {"since": "2026-03-02T09:00:00Z", "until": "2026-03-02T10:00:00Z"}

    assert report(**day) == {}
    assert report(**{**day, "until": "2026-03-02T10:00:00.001Z"})["resolution"] == (1, 0, "100.00", 0)
    assert report(since="2026-03-02T10:00:00Z")["resolution"] == (1, 0, "100.00", 0)


def test_without_a_period_it_is_about_the_last_thirty_days(cases, register, resolve, clock):
    resolve(register(), "2026-03-02 11:00")
    answer = cases.ask("sla_compliance").body
    assert (answer["until"], answer["since"]) == ("2026-03-02T10:00:00Z", "2026-01-31T10:00:00Z")
    assert answer["rows"] == [], "the present instant is not part of the past"
    clock.at(make.at("2026-03-02 11:01"))
    assert len(cases.ask("sla_compliance").body["rows"]) == 2
    clock.at(make.at("2026-04-02 11:01"))
    assert cases.ask("sla_compliance").body["rows"] == []


def test_it_is_split_by_what_a_case_is_and_who_has_it(cases, register, resolve, report):
    kind = cases.ask("create_case_type", data=make.type_data(name={"es": "Queja", "en": "Complaint"})).body
    acme = "0190f3a0-0000-7000-8000-0000000000c1"
    urgent = register(priority="urgent", type_id=kind["id"], company_id=acme)
    cases.ask("assign_case", urgent["id"], data={"group_id": AREA})
    plain = register()
    resolve(plain, "2026-03-02 10:00")
    resolve(urgent, "2026-03-02 12:00")

    assert report(by="priority", metric="first_response") == {
        ("first_response", "normal"): (1, 0, "100.00", 0),
        ("first_response", "urgent"): (0, 1, "0.00", 0),
    }
    for by, key in (("type", kind["id"]), ("company", acme), ("group", AREA)):
        assert report(by=by, metric="resolution")["resolution", key] == (1, 0, "100.00", 0), by
        assert report(metric="first_response", **{f"{by}_id": key}) == {"first_response": (0, 1, "0.00", 0)}, by
    assert report(by="type", metric="resolution")["resolution", None] == (1, 0, "100.00", 0)
    assert report(priority="low") == {}
    for locale, name in (("es", "Queja"), ("en", "Complaint")):
        answer = cases.ask("sla_compliance", params={**PERIOD, "by": "type"}, locale=locale).body
        assert {row["name"] for row in answer["rows"]} == {None, name}


def test_it_is_split_by_the_policy_that_measured(cases, register, resolve, report, standard):
    resolve(register(), "2026-03-02 10:00")

    assert report(by="policy", metric="resolution") == {("resolution", standard["id"]): (1, 0, "100.00", 0)}
    rows = cases.ask("sla_compliance", params={**PERIOD, "by": "policy"}).body["rows"]
    assert {row["name"] for row in rows} == {"Estándar"}


def test_everybody_sees_the_figures_of_the_cases_that_they_see(cases, register, resolve):
    luis = somebody(cases_read="own")
    resolve(register(), "2026-03-02 10:00")
    mine = cases.ask("create_case", data=make.case_data(responsible_id=str(luis.user_id))).body
    resolve(mine, "2026-03-02 15:00")

    rows = cases.ask("sla_compliance", params=PERIOD, by=luis).body["rows"]
    assert [(row["metric"], row["met"], row["breached"]) for row in rows] == [
        ("first_response", 0, 1),
        ("resolution", 1, 0),
    ]
    assert cases.refused("sla_compliance", params=PERIOD, by=somebody(people_read="all")).status == 403


def test_the_report_says_what_it_counts_and_nonsense_is_refused(cases):
    assert "cumplidos ÷" in cases.ask("sla_compliance", params=PERIOD, locale="es").body["definition"]
    wrong = cases.refused("sla_compliance", params={"since": PERIOD["until"], "until": PERIOD["since"]})
    assert (wrong.status, wrong.slug) == (422, "period-is-empty")
    first = cases.refused("sla_compliance", params={"until": "0001-01-01T00:00:00Z"})
    assert (first.status, first.slug) == (422, "period-is-empty")
    assert cases.ask("sla_compliance", params={"until": "0001-01-02T00:00:00Z"}).body["rows"] == []
    for params in ({"by": "moon"}, {"since": "yesterday"}, {"type_id": "x"}, {"colour": "red"}):
        refusal = cases.refused("sla_compliance", params=params)
        assert refusal.params["errors"][0]["parameter"] == next(iter(params))
