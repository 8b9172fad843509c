from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from chassis.bus.scheduler import Scheduler
from chassis.ids import new_id
from chassis.timers import Timers
from contracts.administration import UserChanged, UserCreated
from services.sales import handlers
from tests.factories import sales as make
from tests.kit.service import somebody

VENTAS = new_id()


def user(name, *, groups=(VENTAS,), user_id=None, kind=UserCreated, **more):
    return kind(
        user_id=user_id or new_id(),
        username=name,
        name=name,
        email=None,
        locale="es",
        time_zone="Europe/Madrid",
        group_id=groups[0] if groups else None,
        group_ids=list(groups),
        role_ids=[],
        **more,
    )


@pytest.fixture
def sellers(sales):
    users = [user(name) for name in ("ana", "luis", "marta")]
    for each in users:
        sales.tell(each)
    return sorted(str(each.user_id) for each in users)


@pytest.fixture
def gone(sales):
    return sales.ask("create_close_reason", data=make.reason_data(ending="lead", slug="no-interest")).body


def rule(sales, **overrides):
    data = {"name": "Todo a ventas", "assignees_group_id": str(VENTAS), **overrides}
    return sales.ask("create_assignment_rule", data=data).body


def test_a_lead_is_shown_as_it_was_created_and_belongs_to_its_creator(sales):
    data = make.lead_data(interests=["fibra", "nube", "fibra"], next_action="Llamar", next_action_on="2030-01-20")

    created = sales.ask("create_lead", data=data).body

    assert sales.ask("get_lead", created["id"]).body == created
    assert (created["state"], created["owner_id"]) == ("open", str(sales.actor.user_id))
    assert created["interests"] == ["fibra", "nube"]
    assert created["person"]["emails"][0]["kind"] == "work"
    assert [event.type for event in sales.told()] == ["crm.sales.lead_created.v1"]


def test_a_lead_is_found_by_the_words_of_its_person(sales):
    lead = sales.ask("create_lead", data=make.lead_data(person={"first_name": "Nicanor", "last_name": "Vega"})).body

    assert [each["id"] for each in sales.ask("list_leads", params={"q": "nicanor"}).body["items"]] == [lead["id"]]


def test_members_of_a_group_take_turns(sales, sellers):
    rule(sales)

    owners = [sales.ask("create_lead", data=make.lead_data()).body["owner_id"] for _ in range(7)]

    assert owners == [*sellers, *sellers, sellers[0]]
    lead = sales.ask("list_leads").body["items"][0]
    assert lead["group_id"] == str(VENTAS)
    [assigned] = [e for e in sales.told() if e.subject_id == UUID(lead["id"]) and "assigned" in e.type]
    assert assigned.data["owner_id"] == lead["owner_id"]


def test_somebody_who_left_is_passed_over(sales, sellers):
    rule(sales)
    sales.tell(user("luis", user_id=UUID(sellers[1]), kind=UserChanged, active=False))

    owners = [sales.ask("create_lead", data=make.lead_data()).body["owner_id"] for _ in range(3)]

    assert owners == [sellers[0], sellers[2], sellers[0]]
    lead = sales.ask("create_lead", data=make.lead_data()).body
    assert sales.refused("assign_lead", lead["id"], data={"owner_id": sellers[1]}).slug == "assignee-is-inactive"


def test_the_first_rule_that_fits_decides(sales, sellers):
    web = new_id()
    sales.tell(user("eva", groups=(web,)))
    rule(sales, position=20)
    rule(sales, position=10, source="fair", country="PT", assignees_group_id=str(web))

    fits = make.lead_data(source="fair", company={"name": "Lisboa, Lda", "country": "PT"})
    elsewhere = make.lead_data(source="fair", company={"name": "Vigo, S.L.", "country": "ES"})

    assert sales.ask("create_lead", data=fits).body["owner_id"] not in sellers
    assert sales.ask("create_lead", data=elsewhere).body["owner_id"] in sellers


def test_a_lead_is_given_to_somebody_by_hand_and_the_history_knows(sales, sellers):
    lead = sales.ask("create_lead", data=make.lead_data()).body

    given = sales.ask("assign_lead", lead["id"], data={"owner_id": sellers[2]}).body

    assert given["owner_id"] == sellers[2]
    changes = sales.ask("lead_history", lead["id"]).body
    assert [(each["field"], each["new"]) for each in changes] == [("owner_id", sellers[2])]
    assert sales.refused("assign_lead", lead["id"], data={}).slug == "no-rule-fits"


def test_disqualifying_needs_a_reason_and_makes_the_lead_read_only(sales, gone):
    lead = sales.ask("create_lead", data=make.lead_data()).body
    assert sales.refused("disqualify_lead", lead["id"], data={}).status == 422
    assert sales.refused("disqualify_lead", lead["id"], data={"reason_id": str(uuid4())}).slug == (
        "close-reason-is-unknown"
    )

    done = sales.ask("disqualify_lead", lead["id"], data={"reason_id": gone["id"], "note": "No contesta"}).body

    assert (done["state"], done["close_reason_id"]) == ("disqualified", gone["id"])
    refusal = sales.refused("update_lead", lead["id"], data={"title": "Otro"}, version=done["version"])
    assert refusal.slug == "lead-is-read-only"
    spanish = sales.refused("update_lead", lead["id"], data={"title": "Otro"}, version=done["version"], locale="es")
    assert "está en estado «descartado»" in spanish.detail
    assert spanish.params == refusal.params == {"state": "disqualified"}
    assert sales.ask("reopen_lead", lead["id"]).body["state"] == "open"
    assert sales.refused("reopen_lead", lead["id"]).slug == "lead-is-not-given-up"


def fire(sales):
    """Do what is due; return how much it was."""
    scheduler = Scheduler("sales", sales.database, sales.database.metadata, Timers.declared_in(handlers))
    return sum(iter(scheduler.fire_due, 0))


def test_a_nurtured_lead_comes_back_on_its_day(sales, gone, noon):
    lead = sales.ask("create_lead", data=make.lead_data()).body
    put_off = {"reason_id": gone["id"], "nurture_until": "2030-03-01"}
    assert sales.refused("disqualify_lead", lead["id"], data={**put_off, "nurture_until": "2030-01-15"}).slug == (
        "nurture-lies-behind"
    )

    assert sales.ask("disqualify_lead", lead["id"], data=put_off).body["state"] == "nurturing"

    assert fire(sales) == 0
    noon.advance(timedelta(days=45))
    assert fire(sales) == 1
    back = sales.ask("get_lead", lead["id"]).body
    assert (back["state"], back["next_action_on"], back["nurture_until"]) == ("open", "2030-03-01", None)
    assert sales.told()[-1].type == "crm.sales.lead_reopened.v1"


def test_a_lead_in_the_bin_is_shown_no_more_and_comes_back_as_it_was(sales):
    lead = sales.ask("create_lead", data=make.lead_data()).body
    sales.ask("delete_lead", lead["id"], version=1)

    assert sales.refused("get_lead", lead["id"]).status == 404
    assert sales.ask("list_leads").body["items"] == []
    assert sales.refused("assign_lead", lead["id"], data={"owner_id": str(uuid4())}).status == 404
    assert sales.refused("restore_lead", lead["id"], by=somebody("Eva", leads_delete="own")).status == 404
    restored = sales.ask("restore_lead", lead["id"]).body
    assert {**restored, "version": 1, "updated_at": None} == {**lead, "updated_at": None}
    assert sales.ask("restore_lead", lead["id"]).body["version"] == restored["version"]


@pytest.mark.parametrize("days", [10, 60])
def test_a_nurtured_lead_sleeps_in_the_bin_and_wakes_on_its_day_or_at_once_when_it_comes_back(sales, gone, noon, days):
    lead = sales.ask("create_lead", data=make.lead_data()).body
    put_off = {"reason_id": gone["id"], "nurture_until": "2030-03-01"}
    nurtured = sales.ask("disqualify_lead", lead["id"], data=put_off).body
    sales.ask("delete_lead", lead["id"], version=nurtured["version"])
    noon.advance(timedelta(days=days))
    assert fire(sales) == 0

    assert sales.ask("restore_lead", lead["id"]).body["state"] == "nurturing"

    assert fire(sales) == (days == 60)
    noon.advance(timedelta(days=60 - days))
    assert fire(sales) == (days == 10)
    assert sales.ask("get_lead", lead["id"]).body["state"] == "open"


def test_an_activity_of_a_lead_takes_its_contact_and_is_done_once(sales, noon):
    person = str(uuid4())
    lead = sales.ask("create_lead", data=make.lead_data(person_id=person)).body
    data = {"kind": "call", "subject": "Primera llamada", "lead_id": lead["id"], "due_at": "2030-01-16T09:00:00Z"}

    planned = sales.ask("create_activity", data=data).body

    assert (planned["person_id"], planned["state"]) == (person, "planned")
    due = sales.ask("list_activities", params={"state": "planned", "due_at_lt": "2030-01-17T00:00:00Z"}).body["items"]
    assert [each["id"] for each in due] == [planned["id"]]
    done = sales.ask("finish_activity", planned["id"], data={"outcome": "Le interesa", "reached": True}).body
    assert (done["state"], done["reached"], done["done_at"]) == ("done", True, "2030-01-15T12:00:00Z")
    for operation in ("finish_activity", "cancel_activity"):
        assert sales.refused(operation, planned["id"], data={}).slug == "activity-is-over"
    assert [e.type.split(".")[2] for e in sales.told()][-2:] == ["activity_planned", "activity_done"]


def test_an_activity_is_cancelled_with_a_reason(sales):
    planned = sales.ask("create_activity", data={"kind": "visit", "subject": "Visita"}).body

    cancelled = sales.ask("cancel_activity", planned["id"], data={"reason": "Lo aplaza"}).body

    assert (cancelled["state"], cancelled["cancel_reason"]) == ("cancelled", "Lo aplaza")


@pytest.fixture
def eva():
    """Somebody who sees only what is her own."""
    return somebody("Eva", activities_write="own", activities_read="own", leads_read="own", opportunities_read="own")


@pytest.fixture
def out_of_reach(sales):
    """A lead and an opportunity that are not Eva's, by the name of the field that an activity has for each."""
    sales.ask("create_pipeline", data=make.pipeline_data())
    lead = sales.ask("create_lead", data=make.lead_data()).body
    deal = sales.ask("create_opportunity", data=make.opportunity_data()).body
    return {"lead_id": lead["id"], "opportunity_id": deal["id"]}


@pytest.mark.parametrize("field", ["lead_id", "opportunity_id"])
def test_an_activity_is_not_about_what_its_planner_may_not_see(sales, eva, out_of_reach, field):
    data = {"kind": "call", "subject": "Espiar", field: out_of_reach[field]}

    assert sales.refused("create_activity", data=data, by=eva).status == 404


@pytest.mark.parametrize("field", ["lead_id", "opportunity_id"])
def test_an_activity_is_not_moved_to_what_its_planner_may_not_see(sales, eva, out_of_reach, field):
    planned = sales.ask("create_activity", data={"kind": "call", "subject": "Llamar"}, by=eva).body

    for id_ in (out_of_reach[field], str(uuid4())):
        refused = sales.refused("update_activity", planned["id"], data={field: id_}, version=1, by=eva)
        assert refused.status == 404

    assert sales.ask("get_activity", planned["id"], by=eva).body[field] is None
    moved = sales.ask("update_activity", planned["id"], data={field: out_of_reach[field]}, version=1).body
    assert moved[field] == out_of_reach[field]
    assert sales.ask("update_activity", planned["id"], data={field: None}, version=2).body[field] is None


def test_an_activity_that_stays_where_it_is_may_be_changed_by_who_does_not_see_that(sales, eva, out_of_reach):
    data = {"kind": "call", "subject": "Llamar", "owner_id": str(eva.user_id), **out_of_reach}
    planned = sales.ask("create_activity", data=data).body

    changes = {"subject": "Llamar otra vez", **out_of_reach}
    changed = sales.ask("update_activity", planned["id"], data=changes, version=1, by=eva).body

    assert changed["subject"] == "Llamar otra vez"


def test_a_migration_under_the_running_service_is_met_with_new_plans(sales):
    if sales.database.dialect != "postgresql":
        pytest.skip("nothing stays planned on SQLite")
    lead = sales.ask("create_lead", data=make.lead_data()).body
    sales.ask("update_lead", lead["id"], data={"title": "Antes"}, version=1)
    migrating = sa.create_engine(sales.database.url, isolation_level="AUTOCOMMIT")
    with migrating.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE leads ALTER COLUMN title TYPE text")
    migrating.dispose()
    done = sales.ask("update_lead", lead["id"], data={"title": "Después"}, version=2).body
    assert (done["title"], done["version"]) == ("Después", 3)
