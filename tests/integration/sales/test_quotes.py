from datetime import timedelta
from uuid import uuid4

import pytest

from chassis import blobs, settings
from chassis.bus.scheduler import Scheduler
from chassis.timers import Timers
from services.sales import handlers
from tests.factories import sales as make
from tests.kit.service import somebody


@pytest.fixture(autouse=True)
def store(monkeypatch, tmp_path):
    """Files go to a folder of the test."""
    known = settings.for_tests(blobs=f"file://{tmp_path}")
    monkeypatch.setattr(settings, "load", lambda: known)
    return blobs.open_store(known)


@pytest.fixture
def offer(sales, deal):
    sales.ask("add_opportunity_line", deal["id"], data=make.line_data(quantity="2", discount="10"))
    data = {
        "opportunity_id": deal["id"],
        "valid_until": "2030-01-31",
        "recipient": "Acme, S.L.\nCalle Mayor, 1",
        "terms": "Pago a 30 días <neto> & sin recargo. 100 €",
    }
    return sales.ask("create_quote", data=data).body


def told(sales):
    return [event.type.split(".")[2] for event in sales.told()]


def content(store, link):
    token = link.removeprefix("/v1/files/")
    granted = blobs.verify_download(token, secret=settings.load().secret_key)
    return granted, b"".join(store.open(granted.key))


def test_a_quote_begins_as_a_draft_with_the_opportunitys_lines(sales, deal, offer, noon):
    assert (offer["state"], offer["revision"], offer["title"]) == ("draft", 1, deal["name"])
    assert (offer["total"], len(offer["lines"])) == (make.euros("180.00"), 1)
    assert sales.ask("get_quote", offer["id"]).body == offer


def test_numbers_follow_each_other_without_gaps(sales, deal, noon):
    numbers = [sales.ask("create_quote", data={"opportunity_id": deal["id"]}).body["number"] for _ in range(3)]
    assert sales.refused("create_quote", data={"opportunity_id": str(uuid4())}).status == 404
    numbers.append(sales.ask("create_quote", data={"opportunity_id": deal["id"]}).body["number"])

    assert numbers == [f"Q2030-{number:05d}" for number in (1, 2, 3, 4)]


def test_a_draft_changes_and_what_was_sent_does_not(sales, offer, noon):
    changed = sales.ask("add_quote_line", offer["id"], data=make.line_data()).body
    assert changed["total"] == make.euros("280.00")
    sales.ask("remove_quote_line", offer["id"], changed["lines"][0]["id"])
    sales.ask("replace_quote_line", offer["id"], changed["lines"][1]["id"], data=make.line_data(quantity="3"))

    sent = sales.ask("send_quote", offer["id"]).body

    assert (sent["state"], sent["total"]) == ("sent", make.euros("300.00"))
    for operation, how in (
        ("update_quote", {"data": {"title": "Otro"}, "version": sent["version"]}),
        ("add_quote_line", {"data": make.line_data()}),
        ("send_quote", {}),
    ):
        assert sales.refused(operation, offer["id"], **how).slug == "quote-is-not-draft"


def test_a_quote_that_offers_nothing_or_has_run_out_is_not_sent(sales, deal, noon):
    empty = sales.ask("create_quote", data={"opportunity_id": deal["id"], "lines": []}).body
    assert sales.refused("send_quote", empty["id"]).slug == "quote-has-no-lines"
    late = {"opportunity_id": deal["id"], "lines": [make.line_data()], "valid_until": "2030-01-14"}
    assert sales.refused("send_quote", sales.ask("create_quote", data=late).body["id"]).slug == "quote-has-run-out"


def test_the_pdf_is_the_one_that_was_sent(sales, offer, store, noon):
    draft = sales.ask("quote_pdf", offer["id"]).body
    assert draft["filename"] == f"{offer['number']}-1.pdf"
    sales.ask("send_quote", offer["id"])

    first = content(store, sales.ask("quote_pdf", offer["id"]).body["download"])
    noon.advance(timedelta(minutes=30))
    later = content(store, sales.ask("quote_pdf", offer["id"]).body["download"])

    assert first[1].startswith(b"%PDF-")
    assert (first[0].key, first[0].media_type) == (later[0].key, "application/pdf")
    assert len(first[1]) > 1500


def test_an_accepted_quote_is_what_the_opportunity_is_about(sales, deal, offer, noon):
    sales.ask("add_quote_line", offer["id"], data=make.line_data(quantity="5"))
    assert sales.refused("accept_quote", offer["id"], data={}).slug == "quote-is-not-sent"
    sales.ask("send_quote", offer["id"])

    accepted = sales.ask("accept_quote", offer["id"], data={"note": "Adelante"}).body

    assert (accepted["state"], accepted["decision_note"]) == ("accepted", "Adelante")
    assert sales.ask("get_opportunity", deal["id"]).body["amount"] == make.euros("680.00")
    assert told(sales)[-2:] == ["quote_sent", "quote_accepted"]
    assert sales.refused("refuse_quote", offer["id"], data={}).slug == "quote-is-not-sent"


def test_a_new_version_takes_the_place_of_the_one_before_when_it_is_sent(sales, offer, noon):
    sales.ask("send_quote", offer["id"])
    second = sales.ask("revise_quote", offer["id"]).body
    assert (second["number"], second["revision"], second["state"]) == (offer["number"], 2, "draft")
    assert second["total"] == offer["total"]
    assert sales.ask("get_quote", offer["id"]).body["state"] == "sent"
    assert sales.refused("revise_quote", offer["id"]).slug == "quote-has-a-later-version"

    sales.ask("send_quote", second["id"])

    assert sales.ask("get_quote", offer["id"]).body["state"] == "superseded"
    assert sales.refused("accept_quote", offer["id"], data={}).slug == "quote-is-not-sent"
    versions = sales.ask("list_quotes", params={"number": offer["number"], "sort": "revision"}).body["items"]
    assert [each["revision"] for each in versions] == [1, 2]


def test_a_quote_is_refused_or_runs_out_after_its_last_day(sales, deal, offer, noon):
    other = sales.ask("create_quote", data={"opportunity_id": deal["id"]}).body
    for each in (offer, other):
        sales.ask("send_quote", each["id"])
    assert sales.ask("refuse_quote", other["id"], data={"note": "Caro"}).body["state"] == "refused"
    scheduler = Scheduler("sales", sales.database, sales.database.metadata, Timers.declared_in(handlers))

    noon.advance(timedelta(days=16))
    assert scheduler.fire_due() == 0
    noon.advance(timedelta(hours=12))
    while scheduler.fire_due():
        pass

    assert sales.ask("get_quote", offer["id"]).body["state"] == "expired"
    assert sales.ask("get_quote", other["id"]).body["state"] == "refused"
    assert told(sales)[-1] == "quote_expired"


def test_a_stage_may_ask_for_a_quote_that_was_sent(sales, noon):
    stages = [make.STAGES[0], {**make.STAGES[1], "entry_criteria": ["quote_sent"]}]
    pipeline = sales.ask("create_pipeline", data=make.pipeline_data(stages=stages)).body
    deal = sales.ask("create_opportunity", data=make.opportunity_data(lines=[make.line_data()])).body
    target = {"stage_id": pipeline["stages"][1]["id"]}
    assert sales.refused("move_opportunity", deal["id"], data=target).slug == "entry-criteria-unmet"
    sales.ask("send_quote", sales.ask("create_quote", data={"opportunity_id": deal["id"]}).body["id"])

    assert sales.ask("move_opportunity", deal["id"], data=target).body["stage_id"] == target["stage_id"]


def test_nobody_quotes_for_an_opportunity_out_of_reach(sales, deal):
    eva = somebody("Eva", quotes_write="all", opportunities_read="own")

    assert sales.refused("create_quote", data={"opportunity_id": deal["id"]}, by=eva).status == 404
