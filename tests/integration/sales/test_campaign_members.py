"""Members of a campaign come from contacts: each once, only whom the caller may see, also when contacts was away."""

import time

import pytest

from chassis.calls import answered_by
from chassis.client import RemoteFailure, RemoteRefusal
from chassis.jobs import jobs_in
from chassis.ops.job_runner import JobRunner
from services.sales import handlers
from services.sales.adapters import member_sources
from services.sales.commands import campaign_members
from tests.factories import contacts as make
from tests.kit.bridge import Bridge
from tests.kit.service import somebody


@pytest.fixture
def contacts(run_service):
    return run_service("contacts")


@pytest.fixture
def bridge(sales, contacts):
    made = Bridge(contacts)
    with answered_by(made):
        yield made


@pytest.fixture
def runner(sales, bridge, monkeypatch):
    monkeypatch.setattr("chassis.ops.job_runner.POLL", 0.05)
    monkeypatch.setattr(campaign_members, "_WAIT", campaign_members._WAIT / 100)
    made = JobRunner("sales", sales.database, sales.database.metadata, jobs_in(handlers))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def campaign(sales):
    return sales.ask("create_campaign", data={"name": "Primavera", "kind": "fair"}).body


@pytest.fixture
def segment(contacts):
    tree = {"field": "city", "op": "eq", "value": "Madrid"}
    return contacts.ask("create_segment", data={"name": "De Madrid", "filter": tree}).body


def madrilenians(contacts, count, by=None):
    people = [make.person_data(addresses=[{"city": "Madrid"}]) for _ in range(count)]
    made = contacts.ask("bulk_create_people", data={"items": people}, by=by).body["items"]
    return {each["id"] for each in made}


def add(sales, campaign, **how):
    return sales.ask("add_campaign_members", campaign["id"], **how).body


def members(sales, campaign):
    shown = sales.ask("list_campaign_members", campaign["id"], params={"limit": "200", "count": "true"}).body
    return [each["person_id"] for each in shown["items"]]


def until(sales, job_id, condition=lambda job: job["finished_at"], by=None):
    for _ in range(600):
        job = sales.ask("get_job", job_id, by=by).body
        if condition(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"it does not come to that: {job}")


@pytest.mark.usefixtures("runner")
def test_the_members_of_a_segment_become_members_each_once(sales, contacts, campaign, segment, monkeypatch):
    monkeypatch.setattr(member_sources, "_PAGE", 3)
    people = madrilenians(contacts, 7)
    contacts.ask("create_person", data=make.person_data())
    known = sorted(people)[:2]
    add(sales, campaign, data={"person_ids": known})

    answer = add(sales, campaign, data={"segment_id": segment["id"]})
    job = until(sales, answer["job_id"])

    assert {name: answer[name] for name in ("added", "already_members")} == {"added": 0, "already_members": 0}
    assert (job["state"], job["added"], job["already_members"]) == ("done", 5, 2)
    assert (job["progress_done"], job["progress_total"]) == (7, 7)
    found = members(sales, campaign)
    assert (set(found), len(found)) == (people, 7)
    again = until(sales, add(sales, campaign, data={"segment_id": segment["id"]})["job_id"])
    assert (again["added"], again["already_members"]) == (0, 7)
    assert sales.ask("campaign_figures", campaign["id"]).body["members"] == 7


@pytest.mark.usefixtures("runner")
def test_a_list_gives_its_members_with_those_of_its_segments(sales, contacts, campaign, segment):
    people = madrilenians(contacts, 2)
    luis = contacts.ask("create_person", data=make.person_data(first_name="Luis")).body["id"]
    made = contacts.ask("create_list", data={"name": "Feria", "segment_ids": [segment["id"]]}).body
    contacts.ask("add_list_members", made["id"], data={"contact_ids": [luis]})

    job = until(sales, add(sales, campaign, data={"list_id": made["id"]})["job_id"])

    assert (job["state"], set(members(sales, campaign))) == ("done", people | {luis})


@pytest.mark.usefixtures("runner")
def test_only_people_whom_the_caller_may_see_become_members(sales, contacts, campaign, segment):
    madrilenians(contacts, 2)
    marta = somebody("Marta", people_read="own", people_write="own", segments_read="all", campaigns_write="all")
    mine = madrilenians(contacts, 1, by=marta)

    job = until(sales, add(sales, campaign, data={"segment_id": segment["id"]}, by=marta)["job_id"], by=marta)

    assert (job["added"], set(members(sales, campaign))) == (1, mine)


@pytest.mark.usefixtures("runner")
def test_with_contacts_away_the_work_waits_and_goes_on_where_it_was(sales, contacts, campaign, segment, bridge):
    people = madrilenians(contacts, 3)
    bridge.down.add("contacts")

    job_id = add(sales, campaign, data={"segment_id": segment["id"]})["job_id"]
    # It is asked again and again, more often than a job may fail.
    end = time.monotonic() + 60
    while bridge.asked.count("contacts.list_segment_members") < 8 and time.monotonic() < end:
        time.sleep(0.02)
    waiting = until(sales, job_id, lambda job: job["state"] == "queued")
    assert (waiting["finished_at"], members(sales, campaign)) == (None, [])

    bridge.down.clear()
    assert until(sales, job_id)["state"] == "done"
    assert set(members(sales, campaign)) == people


@pytest.mark.usefixtures("runner")
def test_work_that_was_cut_off_in_the_middle_goes_on_from_the_last_page(
    sales, contacts, campaign, segment, monkeypatch
):
    monkeypatch.setattr(member_sources, "_PAGE", 2)
    people = madrilenians(contacts, 5)
    pages, real = [], member_sources.page_of

    def page_of(source, cursor, by):
        pages.append(cursor)
        if len(pages) == 2:
            raise RemoteFailure("ValueError", "a bug over there")
        return real(source, cursor, by)

    monkeypatch.setattr(member_sources, "page_of", page_of)
    monkeypatch.setattr("chassis.db.job_queue._DELAYS", (0,))
    job = until(sales, add(sales, campaign, data={"segment_id": segment["id"]})["job_id"])

    assert (job["state"], job["added"], set(members(sales, campaign))) == ("done", 5, people)
    assert pages[0] is None
    assert (pages[1], len(pages)) == (pages[2], 4)


@pytest.mark.usefixtures("bridge")
def test_a_source_that_holds_no_people_or_is_out_of_reach_is_refused_at_once(sales, contacts, campaign, segment):
    tree = {"field": "name", "op": "contains", "value": "a"}
    companies = contacts.ask("create_segment", data={"name": "Empresas", "kind": "company", "filter": tree}).body
    for wrong in (companies["id"], campaign["id"]):
        refusal = sales.refused("add_campaign_members", campaign["id"], data={"segment_id": wrong}, locale="es")
        assert [error["pointer"] for error in refusal.params["errors"]] == ["/segment_id"]
    nobody = somebody("Nadie", campaigns_write="all")
    refused = sales.refused("add_campaign_members", campaign["id"], data={"segment_id": segment["id"]}, by=nobody)
    assert refused.slug == "permission-denied"
    for data in ({}, {"person_ids": [], "list_id": segment["id"]}):
        assert sales.refused("add_campaign_members", campaign["id"], data=data).slug == "name-the-members"


@pytest.mark.usefixtures("runner")
def test_a_campaign_that_is_closed_meanwhile_takes_nobody(sales, contacts, campaign, segment, bridge):
    madrilenians(contacts, 1)
    bridge.down.add("contacts")
    job_id = add(sales, campaign, data={"segment_id": segment["id"]})["job_id"]
    sales.ask("activate_campaign", campaign["id"])
    sales.ask("close_campaign", campaign["id"])
    bridge.down.clear()

    job = until(sales, job_id)

    assert (job["state"], members(sales, campaign)) == ("failed", [])
    assert job["error"].startswith("The campaign is closed")


@pytest.mark.usefixtures("runner")
def test_a_segment_that_is_gone_ends_the_work_with_a_sentence(sales, campaign, segment, bridge):
    bridge.before["contacts.list_segment_members"] = RemoteRefusal(404, "not-found", "There is nothing by that id.", {})

    job = until(sales, add(sales, campaign, data={"segment_id": segment["id"]})["job_id"])

    assert (job["state"], job["error"]) == (
        "failed",
        "Contacts says “There is nothing by that id.” and gives no members.",
    )


def test_jobs_are_shown_to_who_asked_for_them_and_can_be_stopped(sales, campaign, segment, bridge):
    job_id = add(sales, campaign, data={"segment_id": segment["id"]})["job_id"]

    assert sales.refused("get_job", job_id, by=somebody("Otra")).status == 404
    assert sales.ask("cancel_job", job_id).body["state"] == "cancelled"
    assert sales.refused("cancel_job", job_id).slug == "job-has-ended"
