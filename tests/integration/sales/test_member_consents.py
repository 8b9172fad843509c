"""Whom consents refuse is excluded from a campaign, and listed again when they say otherwise."""

import time
from datetime import timedelta

import pytest

from chassis.clock import utc_now
from chassis.db import tables
from services.sales.domain.campaign import CampaignMember, MemberState
from tests.factories import contacts as make
from tests.integration.sales.test_campaign_members import add, bridge, contacts, runner, until

__all__ = ["bridge", "contacts", "runner"]

PROOF = {"source": "web-form", "text_version": "2030-01", "ip": "192.0.2.7"}


@pytest.fixture
def campaign(sales):
    return sales.ask("create_campaign", data={"name": "Primavera", "kind": "email"}).body


@pytest.fixture
def people(contacts):
    """Three people: who said yes, who said no, and who said nothing."""
    made = [contacts.ask("create_person", data=make.person_data()).body["id"] for _ in range(3)]
    say(contacts, made[0], "opted_in", proof=PROOF)
    say(contacts, made[1], "opted_out")
    return made


def say(contacts, person_id, state, *, channel="email", purpose="marketing", **more):
    contacts.ask("set_person_consent", person_id, channel, purpose, data={"state": state, **more})


def states(sales, campaign):
    shown = sales.ask("list_campaign_members", campaign["id"]).body["items"]
    return {each["person_id"]: (each["state"], each["excluded_by"]) for each in shown}


def settled(sales, campaign, expected):
    """Wait until the background work has brought the members to what is expected."""
    for _ in range(600):
        if (found := states(sales, campaign)) == expected:
            return
        time.sleep(0.05)
    raise AssertionError(f"it does not come to that: {found}")


def last_job(sales):
    table = tables.jobs(sales.database.metadata)
    with sales.database.read() as session:
        return session.execute(table.select().order_by(table.c.id.desc())).first().id


def hear(contacts, sales):
    """Have sales hear what contacts told last."""
    sales.deliver(contacts.told()[-1])


@pytest.mark.usefixtures("runner")
def test_people_added_by_name_are_checked_in_the_background(sales, campaign, people):
    answer = add(sales, campaign, data={"person_ids": people})
    job = until(sales, answer["job_id"])

    assert (answer["added"], job["state"], job["excluded"]) == (3, "done", 2)
    yes, no, nothing = people
    assert states(sales, campaign) == {
        yes: ("listed", None),
        no: ("excluded", "contact-opted-out"),
        nothing: ("excluded", "no-consent"),
    }
    shown = sales.ask("campaign_figures", campaign["id"]).body
    assert (shown["members"], shown["excluded"]) == (1, 2)
    page = sales.ask("list_campaign_members", campaign["id"], params={"state": "excluded"}).body
    assert {each["person_id"] for each in page["items"]} == {no, nothing}


@pytest.mark.usefixtures("runner")
def test_members_of_a_segment_are_checked_when_they_are_listed(sales, contacts, campaign, people):
    tree = {"field": "display_name", "op": "contains", "value": "Número"}
    segment = contacts.ask("create_segment", data={"name": "Todos", "filter": tree}).body

    job = until(sales, add(sales, campaign, data={"segment_id": segment["id"]})["job_id"])

    assert (job["added"], job["excluded"]) == (3, 2)
    assert states(sales, campaign)[people[2]] == ("excluded", "no-consent")


@pytest.mark.usefixtures("runner")
def test_a_campaign_that_reaches_out_to_nobody_excludes_nobody(sales, people):
    fair = sales.ask("create_campaign", data={"name": "Feria", "kind": "fair"}).body

    assert add(sales, fair, data={"person_ids": people})["job_id"] is None
    assert set(states(sales, fair).values()) == {("listed", None)}


@pytest.mark.usefixtures("runner")
def test_who_says_no_leaves_the_campaigns_of_that_channel_and_who_says_yes_comes_back(
    sales, contacts, campaign, people
):
    by_phone = sales.ask("create_campaign", data={"name": "Llamadas", "kind": "telemarketing"}).body
    yes, no, _ = people
    for each in (campaign, by_phone):
        until(sales, add(sales, each, data={"person_ids": [yes, no]})["job_id"])
    before = states(sales, by_phone)

    say(contacts, yes, "objected")
    hear(contacts, sales)
    settled(sales, campaign, {yes: ("excluded", "contact-objected"), no: ("excluded", "contact-opted-out")})
    say(contacts, no, "opted_in", proof=PROOF)
    hear(contacts, sales)
    settled(sales, campaign, {yes: ("excluded", "contact-objected"), no: ("listed", None)})
    assert states(sales, by_phone) == before


def test_who_says_something_else_or_is_no_member_causes_no_work(sales, contacts, campaign, people, bridge):
    add(sales, campaign, data={"person_ids": people[:1]})
    job = last_job(sales)
    say(contacts, people[0], "opted_out", purpose="survey")
    hear(contacts, sales)
    say(contacts, people[0], "opted_out", channel="phone")
    hear(contacts, sales)
    say(contacts, people[2], "opted_out")
    hear(contacts, sales)

    assert last_job(sales) == job


@pytest.mark.usefixtures("runner")
def test_whom_a_campaign_reached_stays_reached_and_counts(sales, contacts, campaign, people):
    until(sales, add(sales, campaign, data={"person_ids": people})["job_id"])
    for person_id in people[:2]:
        sales.ask("reach_campaign_member", campaign["id"], person_id)
    say(contacts, people[0], "opted_out")
    hear(contacts, sales)
    sales.ask("activate_campaign", campaign["id"])
    until(sales, last_job(sales))

    yes, no, nothing = people
    assert states(sales, campaign) == {
        yes: ("reached", None),
        no: ("reached", "contact-opted-out"),
        nothing: ("excluded", "no-consent"),
    }
    shown = sales.ask("campaign_figures", campaign["id"]).body
    assert (shown["members"], shown["excluded"], shown["reached"]) == (2, 1, 2)


@pytest.mark.usefixtures("runner")
def test_members_are_looked_at_again_when_the_campaign_begins(sales, contacts, campaign, people):
    until(sales, add(sales, campaign, data={"person_ids": people})["job_id"])
    say(contacts, people[2], "unknown", basis="legitimate_interest")

    sales.ask("activate_campaign", campaign["id"])

    yes, no, nothing = people
    settled(sales, campaign, {yes: ("listed", None), no: ("excluded", "contact-opted-out"), nothing: ("listed", None)})


@pytest.mark.usefixtures("runner")
def test_another_kind_is_another_channel(sales, campaign, people):
    until(sales, add(sales, campaign, data={"person_ids": people})["job_id"])

    changed = sales.ask("update_campaign", campaign["id"], data={"kind": "telemarketing"}, version=1).body
    settled(sales, campaign, dict.fromkeys(people, ("excluded", "no-consent")))
    sales.ask("update_campaign", campaign["id"], data={"kind": "fair"}, version=changed["version"])
    settled(sales, campaign, dict.fromkeys(people, ("listed", None)))


def test_with_contacts_away_people_are_members_and_are_checked_when_it_is_back(sales, campaign, people, bridge, runner):
    bridge.down.add("contacts")
    job_id = add(sales, campaign, data={"person_ids": people})["job_id"]
    until(sales, job_id, lambda job: job["state"] == "queued" and len(bridge.asked) > 5)
    assert set(states(sales, campaign).values()) == {("listed", None)}

    bridge.down.clear()

    assert (until(sales, job_id)["excluded"], len(states(sales, campaign))) == (2, 3)


def test_an_older_answer_does_not_undo_a_newer_one(noon):
    member, before = CampaignMember(), utc_now()
    noon.advance(timedelta(seconds=1))
    member.mind("contact-opted-out", utc_now())
    member.mind(None, before)

    assert (member.state, member.excluded_by) == (MemberState.EXCLUDED, "contact-opted-out")
