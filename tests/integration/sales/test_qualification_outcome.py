"""A lead becomes a new opportunity, joins one that is open, or becomes a customer without any."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories import sales as make
from tests.integration.sales.test_qualification import fire, told
from tests.kit.service import somebody


def qualify(sales, lead, **terms):
    return sales.ask("qualify_lead", lead["id"], data=terms).body


@pytest.fixture
def campaign(sales):
    return sales.ask("create_campaign", data={"name": "Primavera", "kind": "email"}).body


def test_it_joins_an_open_opportunity_which_takes_what_it_did_not_say(sales, ready_lead, campaign):
    lead = ready_lead(campaign_id=campaign["id"], source="web")
    deal = sales.ask("create_opportunity", data=make.opportunity_data(source="fair", amount=make.euros("5.00"))).body

    answer = qualify(sales, lead, opportunity_id=deal["id"])

    after = sales.ask("get_opportunity", deal["id"]).body
    assert (answer["state"], answer["opportunity_id"]) == ("qualified", deal["id"])
    assert (after["person_id"], after["campaign_id"]) == (lead["person_id"], campaign["id"])
    assert (after["source"], after["amount"], after["source_lead_id"]) == ("fair", make.euros("5.00"), lead["id"])
    assert told(sales).count("opportunity_created") == 1
    assert told(sales)[-1] == "lead_qualified"
    assert qualify(sales, lead, opportunity_id=deal["id"]) == answer


def test_a_second_lead_joins_as_well_and_the_first_stays_its_source(sales, ready_lead):
    first, second = ready_lead(), ready_lead()
    deal_id = qualify(sales, first)["opportunity_id"]

    assert qualify(sales, second, opportunity_id=deal_id)["opportunity_id"] == deal_id
    assert sales.ask("get_opportunity", deal_id).body["source_lead_id"] == first["id"]


def test_without_an_opportunity_the_lead_is_a_customer_and_that_is_told(sales, ready_lead, campaign):
    lead = ready_lead(campaign_id=campaign["id"])

    answer = qualify(sales, lead, without_opportunity=True)

    assert (answer["state"], answer["opportunity_id"]) == ("qualified", None)
    assert sales.ask("list_opportunities").body["items"] == []
    assert told(sales)[-1] == "lead_qualified_without_opportunity"
    assert sales.ask("campaign_figures", campaign["id"]).body["qualified"] == 1
    assert qualify(sales, lead, without_opportunity=True) == answer


def test_what_the_lead_was_called_and_visited_for_belongs_to_the_opportunity_too(sales, ready_lead):
    lead = ready_lead()
    deal_id = qualify(sales, lead)["opportunity_id"]

    [call] = sales.ask("list_activities", params={"opportunity_id": deal_id}).body["items"]

    assert (call["lead_id"], call["state"]) == (lead["id"], "done")


def test_whoever_wants_no_new_opportunity_says_nothing_of_one(sales, ready_lead):
    lead, some_id = ready_lead(), str(uuid4())
    refusal = sales.refused("qualify_lead", lead["id"], data={"opportunity_id": some_id, "name": "Otra"})
    assert (refusal.status, refusal.slug, refusal.params["fields"]) == (422, "terms-contradict", "name")
    both = {"opportunity_id": some_id, "without_opportunity": True}
    assert sales.refused("qualify_lead", lead["id"], data=both).params["fields"] == "opportunity_id"


def test_what_cannot_be_joined_is_refused_before_contacts_is_asked(sales, ready_lead):
    lead = ready_lead()
    deal = sales.ask("create_opportunity", data=make.opportunity_data()).body
    sales.ask("win_opportunity", deal["id"], data={})

    closed = sales.refused("qualify_lead", lead["id"], data={"opportunity_id": deal["id"]})
    unknown = sales.refused("qualify_lead", lead["id"], data={"opportunity_id": str(uuid4())})
    operator = somebody("Operadora", leads_write="all", opportunities_read="all")
    theirs = sales.refused("qualify_lead", lead["id"], data={"opportunity_id": deal["id"]}, by=operator)

    assert (closed.slug, unknown.status, theirs.slug) == ("opportunity-is-closed", 404, "permission-denied")
    assert ready_lead.bridge.asked == []
    assert sales.ask("get_lead", lead["id"]).body["state"] == "open"


def test_a_lead_that_waited_to_join_and_comes_too_late_is_open_again(sales, ready_lead, noon):
    lead = ready_lead()
    deal = sales.ask("create_opportunity", data=make.opportunity_data()).body
    ready_lead.bridge.down.add("contacts")
    assert qualify(sales, lead, opportunity_id=deal["id"])["state"] == "qualifying"
    sales.ask("win_opportunity", deal["id"], data={})
    ready_lead.bridge.down.clear()
    noon.advance(timedelta(seconds=3))

    assert fire(sales) == [{"state": "open"}]

    assert sales.ask("get_lead", lead["id"]).body["state"] == "open"
    assert told(sales)[-1] == "lead_qualification_failed"
    assert sales.ask("get_opportunity", deal["id"]).body["source_lead_id"] is None


def test_asked_once_more_it_says_why_it_could_not_join(sales, ready_lead, noon):
    lead = ready_lead()
    deal = sales.ask("create_opportunity", data=make.opportunity_data()).body
    ready_lead.bridge.down.add("contacts")
    qualify(sales, lead, opportunity_id=deal["id"])
    sales.ask("delete_opportunity", deal["id"])
    ready_lead.bridge.down.clear()

    assert sales.refused("qualify_lead", lead["id"], data={}).status == 404
    assert sales.ask("get_lead", lead["id"]).body["state"] == "open"
