from uuid import uuid4

import pytest

from contracts.administration import ParameterChanged
from tests.factories import sales as make
from tests.kit.service import somebody


@pytest.fixture
def campaign(sales):
    data = {
        "name": "Primavera",
        "kind": "email",
        "objective": "acquisition",
        "budget": make.euros("15000.00"),
        "starts_on": "2030-01-01",
        "ends_on": "2030-03-31",
        "goal": {"leads": 4, "won": 4, "income": make.euros("40000.00")},
    }
    return sales.ask("create_campaign", data=data).body


def spent(sales, campaign, amount, **more):
    version = sales.ask("get_campaign", campaign["id"]).body["version"]
    sales.ask("update_campaign", campaign["id"], data={"actual_cost": amount, **more}, version=version)


def won(sales, campaign, amount, closed_on="2030-01-10"):
    deal = sales.ask("create_opportunity", data=make.opportunity_data(campaign_id=campaign["id"], amount=amount)).body
    return sales.ask("win_opportunity", deal["id"], data={"closed_on": closed_on}).body


def figures(sales, campaign):
    return sales.ask("campaign_figures", campaign["id"]).body


def test_a_campaign_is_activated_once_and_closed_once(sales, campaign, noon):
    assert sales.refused("close_campaign", campaign["id"]).slug == "campaign-is-not-active"
    active = sales.ask("activate_campaign", campaign["id"]).body
    assert (active["state"], active["activated_at"]) == ("active", "2030-01-15T12:00:00Z")
    assert sales.refused("activate_campaign", campaign["id"]).slug == "campaign-is-not-planned"
    assert sales.ask("close_campaign", campaign["id"]).body["state"] == "closed"
    assert [event.type.split(".")[2] for event in sales.told()] == ["campaign_activated", "campaign_closed"]


def test_a_campaign_does_not_end_before_it_starts(sales, campaign):
    refusal = sales.refused("update_campaign", campaign["id"], data={"ends_on": "2029-12-31"}, version=1)

    assert refusal.slug == "campaign-ends-before-it-starts"


def test_people_are_members_once_and_a_closed_campaign_takes_nobody(sales, campaign):
    people = [str(uuid4()) for _ in range(3)]
    assert sales.ask("add_campaign_members", campaign["id"], data={"person_ids": people[:2]}).body["added"] == 2

    again = sales.ask("add_campaign_members", campaign["id"], data={"person_ids": people}).body

    assert (again["added"], again["already_members"]) == (1, 2)
    assert len(sales.ask("list_campaign_members", campaign["id"]).body["items"]) == 3
    sales.ask("remove_campaign_member", campaign["id"], people[0])
    sales.ask("activate_campaign", campaign["id"])
    sales.ask("close_campaign", campaign["id"])
    assert sales.refused("add_campaign_members", campaign["id"], data={"person_ids": people}).slug == (
        "campaign-is-closed"
    )


def test_the_response_rate_is_of_those_reached_and_a_response_is_told_once(sales, campaign):
    people = [str(uuid4()) for _ in range(5)]
    sales.ask("add_campaign_members", campaign["id"], data={"person_ids": people})
    for person in people[:3]:
        sales.ask("reach_campaign_member", campaign["id"], person)
    for response in ("Quiere saber más", None):
        member = sales.ask("campaign_member_responded", campaign["id"], people[0], data={"response": response}).body
        assert (member["state"], member["response"]) == ("responded", "Quiere saber más")

    shown = figures(sales, campaign)

    assert (shown["members"], shown["reached"], shown["responded"]) == (5, 3, 1)
    assert shown["response_rate"] == "33.3"
    [told] = sales.told()
    assert (told.type, list(map(str, told.concerns))) == ("crm.sales.campaign_member_responded.v1", [people[0]])
    assert sales.refused("reach_campaign_member", campaign["id"], str(uuid4())).status == 404


def test_roi_counts_what_was_won_by_the_primary_source(sales, pipeline, campaign, noon):
    for amount in ("12000.00", "8000.00"):
        won(sales, campaign, make.euros(amount))
    sales.ask("create_opportunity", data=make.opportunity_data(amount=make.euros("999.00")))
    spent(sales, campaign, make.euros("11400.00"), hours="30")

    shown = figures(sales, campaign)

    assert (shown["income"], shown["roi"]) == (make.euros("20000.00"), "75.4")
    assert (shown["won"], shown["cost_per_win"], shown["hours_per_win"]) == (2, make.euros("5700.00"), "15.0")
    assert shown["efficacy"] == {"leads": "0.0", "opportunities": None, "won": "50.0", "income": "50.0"}


def test_two_wins_of_a_thousand_at_five_hundred_are_three_hundred_percent(sales, pipeline, campaign, noon):
    for _ in range(2):
        won(sales, campaign, make.euros("1000.00"))
    spent(sales, campaign, make.euros("500.00"))

    assert figures(sales, campaign)["roi"] == "300.0"


def test_roi_is_undefined_at_no_cost(sales, pipeline, campaign, noon):
    won(sales, campaign, make.euros("1000.00"))
    assert figures(sales, campaign)["roi"] is None
    spent(sales, campaign, make.euros("0.00"))

    assert figures(sales, campaign)["roi"] is None


def test_wins_in_other_currencies_count_at_the_rate_of_the_day_they_closed(sales, pipeline, campaign, noon):
    won(sales, campaign, make.euros("100.00"))
    won(sales, campaign, {"amount": "100.00", "currency": "USD"}, "2030-01-05")
    spent(sales, campaign, make.euros("50.00"))
    before = figures(sales, campaign)
    assert (before["income"], before["unconverted"]) == (make.euros("100.00"), ["USD"])
    for day, rate in (("2030-01-01", "0.90"), ("2030-01-08", "0.50")):
        sales.ask("create_exchange_rate", data={"currency": "USD", "on": day, "rate": rate})

    shown = figures(sales, campaign)

    assert (shown["income"], shown["roi"], shown["unconverted"]) == (make.euros("190.00"), "280.0", [])


def test_lost_and_reopened_ones_change_the_figures_once(sales, pipeline, campaign, price, noon):
    deal = won(sales, campaign, make.euros("100.00"))
    assert figures(sales, campaign)["income"] == make.euros("100.00")
    sales.ask("reopen_opportunity", deal["id"])
    assert figures(sales, campaign)["income"] == make.euros("0.00")
    sales.ask("lose_opportunity", deal["id"], data={"reason_id": price["id"]})
    shown = figures(sales, campaign)
    assert (shown["opportunities"], shown["won"], shown["lost"]) == (1, 0, 1)
    sales.ask("reopen_opportunity", deal["id"])
    sales.ask("win_opportunity", deal["id"], data={})
    assert figures(sales, campaign)["income"] == make.euros("100.00")


def test_leads_of_a_campaign_are_counted(sales, campaign):
    for _ in range(2):
        sales.ask("create_lead", data=make.lead_data(campaign_id=campaign["id"]))
    spent(sales, campaign, make.euros("10.00"))

    shown = figures(sales, campaign)

    assert (shown["leads"], shown["qualified"], shown["qualification_rate"]) == (2, 0, "0.0")
    assert (shown["cost_per_lead"], shown["cost_per_qualified"], shown["efficacy"]["leads"]) == (
        make.euros("5.00"),
        None,
        "50.0",
    )


def test_figures_are_in_the_organisations_currency(sales, campaign):
    sales.tell(ParameterChanged(key="organisation.currency", value="USD", old="EUR"))

    assert figures(sales, campaign)["currency"] == "USD"
    rate = sales.ask("create_exchange_rate", data={"currency": "EUR", "on": "2030-01-01", "rate": "1.1"}).body
    assert rate["base"] == "USD"
    again = {"currency": "EUR", "on": "2030-01-01", "rate": "1.2"}
    assert sales.refused("create_exchange_rate", data=again).slug == "rate-is-known"
    for wrong in ({"currency": "USD"}, {"rate": "0"}):
        assert sales.refused("create_exchange_rate", data={**again, **wrong}).slug == "rate-is-wrong"


def test_a_campaign_out_of_reach_shows_nothing(sales, campaign):
    eva = somebody("Eva", campaigns_read="own")

    for operation in ("get_campaign", "campaign_figures", "list_campaign_members"):
        assert sales.refused(operation, campaign["id"], by=eva).status == 404


def test_a_campaign_in_the_bin_is_shown_no_more_and_comes_back_as_it_was(sales, campaign):
    sales.ask("delete_campaign", campaign["id"], version=1)

    assert sales.refused("get_campaign", campaign["id"]).status == 404
    assert sales.ask("list_campaigns").body["items"] == []
    assert sales.refused("activate_campaign", campaign["id"]).status == 404
    restored = sales.ask("restore_campaign", campaign["id"]).body
    assert {**restored, "version": 1, "updated_at": None} == {**campaign, "updated_at": None}
    assert sales.ask("restore_campaign", campaign["id"]).body["version"] == restored["version"]
