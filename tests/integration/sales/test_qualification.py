"""Contacts is asked first, then lead and opportunity change together; never half, never twice."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import eventlet
import pytest

from chassis.bus.scheduler import Scheduler
from chassis.calls import answered_by
from chassis.client import DeadlineExceeded
from chassis.context import SYSTEM, Call
from chassis.db import tables
from chassis.timers import Timers
from chassis.unit_of_work import UnitOfWork
from services.sales import handlers
from tests.factories import contacts as make_contacts
from tests.factories import sales as make
from tests.integration.sales.test_leads import user
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
def fibra(contacts):
    return contacts.ask("create_interest", data={"slug": "fibra", "name": "Fibra"}).body


@pytest.fixture
def ana(contacts):
    return contacts.ask("create_person", data=make_contacts.person_data(first_name="Ana", last_name="García")).body


@pytest.fixture
def in_touch(contacts, ana):
    return contacts.ask("create_interaction", data=make_contacts.interaction_data(person_id=ana["id"])).body


@pytest.fixture
def lead(sales, pipeline, ana, fibra):
    return sales.ask("create_lead", data=make.lead_data(person=None, person_id=ana["id"], interests=["fibra"])).body


def opportunities(sales):
    return sales.ask("list_opportunities").body["items"]


def told(sales):
    return [event.type.split(".")[2] for event in sales.told()]


class Run:
    """A job as the runner would do it."""

    def __init__(self, sales, data):
        self.sales, self.data = sales, data

    def reading(self):
        return self._open(self.sales.database.read)

    def transaction(self):
        return self._open(self.sales.database.write)

    def _open(self, session):
        @contextmanager
        def opened():
            with session() as live:
                work = UnitOfWork(live, self.sales.database.metadata, Call(actor=SYSTEM))
                yield work
                if session == self.sales.database.write:
                    work.flush()

        return opened()


def fire(sales):
    """Fire what is due, and do the jobs that come of it."""
    scheduler = Scheduler("sales", sales.database, sales.database.metadata, Timers.declared_in(handlers))
    while scheduler.fire_due():
        pass
    table = tables.jobs(sales.database.metadata)
    with sales.database.write() as session:
        jobs = session.execute(table.select()).mappings().all()
        session.execute(table.delete())
    return [handlers.finish_qualification(Run(sales, job["data"])) for job in jobs]


@pytest.mark.usefixtures("bridge", "noon")
def test_a_lead_that_meets_the_preconditions_becomes_an_opportunity(sales, lead, ana, in_touch, pipeline):
    terms = {"amount": make.euros("9000.00"), "expected_close_on": "2030-03-01"}

    answer = sales.ask("qualify_lead", lead["id"], data=terms).body

    [deal] = opportunities(sales)
    assert answer == {
        "lead_id": lead["id"],
        "state": "qualified",
        "opportunity_id": deal["id"],
        "person_id": ana["id"],
        "company_id": None,
        "qualified_at": "2030-01-15T12:00:00Z",
        "qualified_by": str(sales.actor.user_id),
        "kept_values": [],
    }
    assert (deal["name"], deal["source_lead_id"], deal["source"]) == (lead["title"], lead["id"], "web")
    assert (deal["person_id"], deal["amount"]) == (ana["id"], make.euros("9000.00"))
    assert (deal["stage_id"], deal["owner_id"]) == (pipeline["stages"][0]["id"], lead["owner_id"])
    assert told(sales)[-2:] == ["opportunity_created", "lead_qualified"] or told(sales)[-2:] == [
        "lead_qualified",
        "opportunity_created",
    ]


def test_each_precondition_that_does_not_hold_is_named(sales, contacts, bridge, pipeline):
    lead = sales.ask("create_lead", data={"title": "Alguien"}).body

    refusal = sales.refused("qualify_lead", lead["id"], data={}, locale="es")

    assert (refusal.status, refusal.slug) == (409, "not-qualifiable")
    assert [each["precondition"] for each in refusal.params["unmet"]] == ["person", "real-contact", "interest"]
    assert refusal.params["unmet"][0]["detail"].startswith("Falta la persona")
    shown = sales.ask("get_lead", lead["id"]).body
    assert (shown["state"], shown["version"]) == ("open", 1)


def test_a_call_that_nobody_answered_is_no_real_contact(sales, contacts, bridge, lead, ana):
    missed = make_contacts.interaction_data(
        person_id=ana["id"], channel="phone", direction="outbound", outcome="not_reached"
    )
    contacts.ask("create_interaction", data=missed)

    refusal = sales.refused("qualify_lead", lead["id"], data={})

    assert [each["precondition"] for each in refusal.params["unmet"]] == ["real-contact"]
    assert opportunities(sales) == []


@pytest.mark.usefixtures("bridge", "pipeline", "in_touch")
def test_an_interest_of_the_person_counts_and_one_that_is_in_no_catalogue_does_not(sales, contacts, ana, fibra):
    lead = sales.ask("create_lead", data=make.lead_data(person=None, person_id=ana["id"], interests=["nada"])).body
    refusal = sales.refused("qualify_lead", lead["id"], data={})
    assert [each["precondition"] for each in refusal.params["unmet"]] == ["interest"]

    contacts.ask("set_person_interest", ana["id"], fibra["id"], data={})

    assert sales.ask("qualify_lead", lead["id"], data={}).body["state"] == "qualified"


def test_asked_again_it_answers_the_same_and_the_lead_is_read_only(sales, bridge, lead, in_touch):
    first = sales.ask("qualify_lead", lead["id"], data={}).body

    again = sales.ask("qualify_lead", lead["id"], data={"name": "Otro nombre"}).body

    assert again == first
    assert len(opportunities(sales)) == 1
    version = sales.ask("get_lead", lead["id"]).body["version"]
    for operation, how in (
        ("update_lead", {"data": {"title": "Otro"}, "version": version}),
        ("assign_lead", {"data": {"owner_id": str(uuid4())}}),
        ("delete_lead", {}),
    ):
        assert sales.refused(operation, lead["id"], **how).slug == "lead-is-read-only"


def test_fifty_calls_at_once_give_one_opportunity_and_fifty_equal_answers(sales, bridge, lead, in_touch):
    people = [somebody(f"Operator {n}") for n in range(50)]

    answers = list(
        eventlet.GreenPool(50).imap(
            lambda by: sales.ask("qualify_lead", lead["id"], data={}, by=by).body,
            people,
        )
    )

    assert len(answers) == 50
    assert all(answer == answers[0] for answer in answers)
    assert [deal["id"] for deal in opportunities(sales)] == [answers[0]["opportunity_id"]]
    assert told(sales).count("lead_qualified") == 1


def test_who_is_not_on_file_yet_is_put_on_file_once_a_call_reached_them(sales, contacts, bridge, pipeline, fibra):
    data = make.lead_data(
        person={"first_name": "Eva", "last_name": "Nueva", "emails": [{"address": "eva@nueva.example"}]},
        company={"name": "Nueva, S.L.", "country": "ES"},
        interests=[fibra["id"]],
    )
    lead = sales.ask("create_lead", data=data).body
    refusal = sales.refused("qualify_lead", lead["id"], data={})
    assert [each["precondition"] for each in refusal.params["unmet"]] == ["real-contact"]
    assert contacts.ask("list_people").body["items"] == []
    call = sales.ask("create_activity", data={"kind": "call", "subject": "Llamar", "lead_id": lead["id"]}).body
    sales.ask("finish_activity", call["id"], data={"reached": True})

    answer = sales.ask("qualify_lead", lead["id"], data={}).body

    [eva], [nueva] = (contacts.ask(f"list_{kind}").body["items"] for kind in ("people", "companies"))
    assert (answer["person_id"], answer["company_id"]) == (eva["id"], nueva["id"])
    assert (eva["display_name"], eva["owner_id"], eva["group_id"]) == ("Eva Nueva", lead["owner_id"], lead["group_id"])
    assert [each["company_id"] for each in eva["employments"]] == [nueva["id"]]
    assert [each["interest_id"] for each in contacts.ask("list_person_interests", eva["id"]).body] == [fibra["id"]]


@pytest.mark.usefixtures("bridge", "pipeline", "in_touch", "fibra")
def test_what_is_on_file_stays_and_blanks_are_filled(sales, contacts, ana):
    known = contacts.ask("update_person", ana["id"], data={"job_title": "Gerente"}, version=ana["version"]).body
    data = make.lead_data(
        person_id=ana["id"],
        interests=["fibra"],
        person={"first_name": "ana", "last_name": "García", "job_title": "Compras", "language": "es"},
    )
    lead = sales.ask("create_lead", data=data).body

    answer = sales.ask("qualify_lead", lead["id"], data={}).body

    after = contacts.ask("get_person", ana["id"]).body
    assert (after["job_title"], after["language"], after["emails"]) == ("Gerente", "es", known["emails"])
    assert answer["kept_values"] == ["person.job_title"]


@pytest.mark.usefixtures("bridge", "pipeline", "in_touch", "fibra")
def test_a_certain_match_is_taken_and_a_probable_one_is_for_a_person_to_decide(sales, contacts, ana):
    acme = contacts.ask("create_company", data=make_contacts.company_data(name="Acme, S.L.", tax_id="B12345674")).body
    sure = make.lead_data(
        person=None, person_id=ana["id"], interests=["fibra"], company={"name": "ACME", "tax_id": "B12345674"}
    )
    lead = sales.ask("create_lead", data=sure).body
    assert sales.ask("qualify_lead", lead["id"], data={}).body["company_id"] == acme["id"]

    contacts.ask(
        "create_company", data=make_contacts.company_data(name="Beta, S.L.", emails=[{"address": "a@beta.es"}])
    )
    alike = {**sure, "company": {"name": "Beta SL", "emails": [{"address": "b@beta.es"}]}}
    lead = sales.ask("create_lead", data=alike).body
    refusal = sales.refused("qualify_lead", lead["id"], data={})
    assert refusal.slug == "lead-contact-may-be-known"
    assert sales.ask("get_lead", lead["id"]).body["state"] == "open"
    assert sales.ask("qualify_lead", lead["id"], data={"allow_duplicate": True}).body["state"] == "qualified"


def test_with_contacts_away_the_lead_waits_and_is_completed_by_itself(sales, bridge, lead, in_touch, noon):
    bridge.down.add("contacts")

    answers = [sales.ask("qualify_lead", lead["id"], data={"name": name}).body for name in ("Primero", "Segundo")]

    assert answers[0] == answers[1]
    assert (answers[0]["state"], answers[0]["opportunity_id"]) == ("qualifying", None)
    assert opportunities(sales) == []
    noon.advance(timedelta(seconds=3))
    assert fire(sales) == [{"state": "qualifying"}]
    bridge.down.clear()
    noon.advance(timedelta(seconds=30))
    assert fire(sales) == [{"state": "qualified"}]
    [deal] = opportunities(sales)
    done = sales.ask("get_lead", lead["id"]).body
    assert (deal["name"], done["opportunity_id"]) == ("Primero", deal["id"])
    assert done["qualified_by"] == str(sales.actor.user_id)
    noon.advance(timedelta(hours=1))
    assert fire(sales) == []


def test_a_waiting_lead_that_turns_out_not_to_be_qualifiable_is_open_again_and_told(sales, bridge, lead, noon):
    bridge.down.add("contacts")
    sales.ask("qualify_lead", lead["id"], data={})
    bridge.down.clear()
    noon.advance(timedelta(seconds=3))

    assert fire(sales) == [{"state": "open"}]

    event = sales.told()[-1]
    assert (event.type, event.data["unmet"]) == ("crm.sales.lead_qualification_failed.v1", ["real-contact"])


def test_asked_once_more_while_it_waits_it_is_completed_at_once(sales, bridge, lead, in_touch, noon):
    bridge.down.add("contacts")
    sales.ask("qualify_lead", lead["id"], data={})
    bridge.down.clear()

    assert sales.ask("qualify_lead", lead["id"], data={}).body["state"] == "qualified"
    noon.advance(timedelta(hours=1))
    assert fire(sales) == []
    assert len(opportunities(sales)) == 1


@pytest.mark.usefixtures("pipeline", "in_touch", "fibra")
def test_with_the_answer_of_contacts_lost_nothing_is_half_and_nothing_happens_twice(sales, contacts, bridge, ana, noon):
    data = make.lead_data(
        person=None, person_id=ana["id"], interests=["fibra"], company={"name": "Nueva, S.L.", "country": "ES"}
    )
    lead = sales.ask("create_lead", data=data).body
    # Contacts has done it, and its answer never comes.
    bridge.after["contacts.put_prospect_on_file"] = DeadlineExceeded(operation="contacts.put_prospect_on_file")

    assert sales.ask("qualify_lead", lead["id"], data={}).body["state"] == "qualifying"

    assert len(contacts.ask("list_companies").body["items"]) == 1
    bridge.after.clear()
    noon.advance(timedelta(minutes=1))
    assert fire(sales) == [{"state": "qualified"}]
    [company] = contacts.ask("list_companies").body["items"]
    assert sales.ask("get_lead", lead["id"]).body["company_id"] == company["id"]
    assert len(opportunities(sales)) == 1


@pytest.mark.usefixtures("pipeline", "in_touch", "fibra")
def test_a_request_that_dies_while_it_asks_contacts_is_completed_as_it_was_asked(sales, contacts, bridge, ana, noon):
    data = make.lead_data(person=None, person_id=ana["id"], interests=["fibra"], company={"name": "Nueva, S.L."})
    lead = sales.ask("create_lead", data=data).body
    bridge.after["contacts.put_prospect_on_file"] = SystemExit()

    with pytest.raises(SystemExit):
        sales.ask("qualify_lead", lead["id"], data={"name": "Lo pedido"})

    bridge.after.clear()
    assert fire(sales) == []
    noon.advance(timedelta(seconds=31))
    assert fire(sales) == [{"state": "qualified"}]
    [deal] = opportunities(sales)
    assert (deal["name"], deal["source_lead_id"]) == ("Lo pedido", lead["id"])
    assert sales.ask("get_lead", lead["id"]).body["qualified_by"] == str(sales.actor.user_id)
    assert len(contacts.ask("list_companies").body["items"]) == 1


def give_up(sales, lead):
    reason = sales.ask("create_close_reason", data=make.reason_data(ending="lead")).body
    sales.ask("disqualify_lead", lead["id"], data={"reason_id": reason["id"]})
    sales.ask("reopen_lead", lead["id"])


def put_in_the_bin(sales, lead):
    sales.ask("delete_lead", lead["id"], version=lead["version"])
    sales.ask("restore_lead", lead["id"])


@pytest.mark.usefixtures("pipeline", "in_touch", "fibra")
@pytest.mark.parametrize("decide", [give_up, put_in_the_bin])
def test_what_was_decided_about_a_lead_since_its_request_died_stands(sales, bridge, ana, noon, decide):
    data = make.lead_data(person=None, person_id=ana["id"], interests=["fibra"], company={"name": "Nueva, S.L."})
    lead = sales.ask("create_lead", data=data).body
    bridge.after["contacts.put_prospect_on_file"] = SystemExit()
    with pytest.raises(SystemExit):
        sales.ask("qualify_lead", lead["id"], data={})
    bridge.after.clear()

    decide(sales, lead)

    noon.advance(timedelta(hours=1))
    assert fire(sales) == []
    assert opportunities(sales) == []
    assert sales.ask("get_lead", lead["id"]).body["state"] == "open"


@pytest.mark.usefixtures("pipeline", "in_touch", "fibra")
def test_a_lead_that_is_corrected_while_contacts_is_asked_is_qualified_as_it_is_then(sales, bridge, ana, noon):
    data = make.lead_data(person=None, person_id=ana["id"], interests=["fibra"])
    lead = sales.ask("create_lead", data=data).body
    bridge.meanwhile["contacts.put_prospect_on_file"] = lambda: sales.ask(
        "update_lead", lead["id"], data={"company": {"name": "Llegó tarde, S.L."}}, version=lead["version"]
    )

    assert sales.ask("qualify_lead", lead["id"], data={"name": "Una"}).body["state"] == "qualifying"

    bridge.meanwhile.clear()
    assert fire(sales) == [{"state": "qualified"}]
    [deal] = opportunities(sales)
    assert (deal["name"], deal["company_id"] is not None) == ("Una", True)


@pytest.mark.usefixtures("pipeline", "in_touch", "fibra")
def test_a_lead_that_is_given_up_while_contacts_is_asked_stays_given_up(sales, bridge, lead, noon):
    reason = sales.ask("create_close_reason", data=make.reason_data(ending="lead")).body
    bridge.meanwhile["contacts.put_prospect_on_file"] = lambda: sales.ask(
        "disqualify_lead", lead["id"], data={"reason_id": reason["id"]}
    )

    assert sales.refused("qualify_lead", lead["id"], data={}).slug == "lead-is-read-only"

    sales.ask("reopen_lead", lead["id"])
    noon.advance(timedelta(hours=1))
    assert fire(sales) == []
    assert sales.ask("get_lead", lead["id"]).body["state"] == "open"


@pytest.mark.usefixtures("pipeline", "in_touch", "fibra")
def test_a_refusal_after_contacts_was_asked_leaves_nothing_for_later(sales, bridge, ana, noon):
    other = sales.ask("create_pipeline", data=make.pipeline_data(is_default=False)).body
    data = make.lead_data(person=None, person_id=ana["id"], interests=["fibra"])
    lead = sales.ask("create_lead", data=data).body
    bridge.meanwhile["contacts.put_prospect_on_file"] = lambda: sales.ask(
        "update_pipeline", other["id"], data={"active": False}, version=other["version"]
    )

    refused = sales.refused("qualify_lead", lead["id"], data={"pipeline_id": other["id"]})

    assert refused.slug == "pipeline-is-switched-off"
    version = sales.ask("get_pipeline", other["id"]).body["version"]
    sales.ask("update_pipeline", other["id"], data={"active": True}, version=version)
    noon.advance(timedelta(hours=1))
    assert fire(sales) == []
    assert sales.ask("get_lead", lead["id"]).body["state"] == "open"


def test_a_lead_that_cannot_be_qualified_leaves_nothing_for_later(sales, bridge, lead, noon):
    assert sales.refused("qualify_lead", lead["id"], data={}).slug == "not-qualifiable"

    noon.advance(timedelta(hours=1))
    assert fire(sales) == []


@pytest.mark.usefixtures("bridge", "pipeline", "in_touch")
def test_an_interest_that_was_switched_off_does_not_count(sales, contacts, fibra, lead):
    contacts.ask("update_interest", fibra["id"], data={"active": False}, version=fibra["version"])

    refusal = sales.refused("qualify_lead", lead["id"], data={})

    assert [each["precondition"] for each in refusal.params["unmet"]] == ["interest"]


def test_a_lead_that_was_given_up_is_not_qualified(sales, bridge, lead, in_touch):
    reason = sales.ask("create_close_reason", data=make.reason_data(ending="lead")).body
    sales.ask("disqualify_lead", lead["id"], data={"reason_id": reason["id"]})

    assert sales.refused("qualify_lead", lead["id"], data={}).slug == "lead-is-read-only"


def test_whoever_may_not_see_the_lead_does_not_qualify_it(sales, bridge, lead, in_touch):
    eva = somebody("Eva", leads_write="own")

    assert sales.refused("qualify_lead", lead["id"], data={}, by=eva).status == 404
    assert bridge.asked == []


def test_an_operator_hands_the_opportunity_over_and_keeps_the_credit(sales, bridge, lead, in_touch):
    seller, group = uuid4(), uuid4()
    sales.tell(user("vendedora", user_id=seller, groups=(group,)))
    operator = somebody("Operadora", leads_write="all", leads_read="all")

    answer = sales.ask("qualify_lead", lead["id"], data={"owner_id": str(seller)}, by=operator).body

    [deal] = opportunities(sales)
    assert (deal["owner_id"], deal["group_id"]) == (str(seller), str(group))
    assert UUID(answer["qualified_by"]) == operator.user_id
    assert sales.refused("win_opportunity", deal["id"], data={}, by=operator).slug == "permission-denied"


def test_of_a_qualified_lead_nothing_more_is_asked(sales, bridge, lead, in_touch):
    sales.ask("qualify_lead", lead["id"], data={})
    asked = len(bridge.asked)

    sales.ask("qualify_lead", lead["id"], data={})

    assert len(bridge.asked) == asked
