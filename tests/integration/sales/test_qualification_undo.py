"""A qualification that was a mistake is undone: for some minutes, and while nobody touched the opportunity."""

from datetime import timedelta
from uuid import UUID

import eventlet
import pytest

from chassis.context import Call
from chassis.errors import Refusal
from chassis.unit_of_work import UnitOfWork
from contracts.administration import ParameterChanged
from services.sales.commands.qualification import Waiting, qualify_lead
from services.sales.errors import QualificationDidNotLast
from tests.factories import sales as make
from tests.kit.service import somebody


@pytest.fixture
def lead(ready_lead):
    return ready_lead()


def qualify(sales, lead, **terms):
    return sales.ask("qualify_lead", lead["id"], data=terms).body["opportunity_id"]


def undo(sales, lead, **how):
    return sales.ask("undo_qualification", lead["id"], **how).body


def refused(sales, lead, **how):
    return sales.refused("undo_qualification", lead["id"], **how)


def test_the_lead_is_open_again_as_it_was_and_the_opportunity_is_in_the_bin(sales, lead):
    before = sales.ask("get_lead", lead["id"]).body
    deal_id = qualify(sales, lead)

    after = undo(sales, lead)

    moved = {"version", "updated_at"}
    assert {k: v for k, v in after.items() if k not in moved} == {k: v for k, v in before.items() if k not in moved}
    assert sales.refused("get_opportunity", deal_id).status == 404
    [event] = [each for each in sales.told() if each.type == "crm.sales.lead_qualification_undone.v1"]
    assert (event.data["lead_id"], event.data["opportunity_id"]) == (lead["id"], deal_id)
    assert event.data["undone_by"] == str(sales.actor.user_id)
    assert (
        sales.ask("update_lead", lead["id"], data={"title": "Otra"}, version=after["version"]).body["title"] == "Otra"
    )


def test_qualified_again_it_makes_a_new_opportunity(sales, lead):
    first = qualify(sales, lead)
    undo(sales, lead)

    second = qualify(sales, lead)

    [deal] = sales.ask("list_opportunities").body["items"]
    assert (deal["id"], deal["source_lead_id"]) == (second, lead["id"])
    assert first != second
    undo(sales, lead)
    restored = sales.ask("restore_opportunity", first).body
    assert restored["source_lead_id"] is None


def test_what_was_put_on_file_stays_and_the_lead_names_it(sales, ready_lead):
    newcomer = {"first_name": "Eva", "last_name": "Nueva", "emails": [{"address": "eva@nueva.example"}]}
    lead = ready_lead(person=newcomer, person_id=None)
    qualify(sales, lead)

    after = undo(sales, lead)

    people = {each["id"]: each["display_name"] for each in ready_lead.contacts.ask("list_people").body["items"]}
    assert people[after["person_id"]] == "Eva Nueva"
    qualify(sales, lead)
    assert len(ready_lead.contacts.ask("list_people").body["items"]) == len(people)


def test_the_campaign_counts_it_no_longer(sales, ready_lead):
    campaign = sales.ask("create_campaign", data={"name": "Primavera", "kind": "email"}).body
    lead = ready_lead(campaign_id=campaign["id"])

    def figures():
        found = sales.ask("campaign_figures", campaign["id"]).body
        return [found[name] for name in ("leads", "qualified", "opportunities")]

    qualify(sales, lead)
    assert figures() == [1, 1, 1]
    undo(sales, lead)
    assert figures() == [1, 0, 0]


def test_it_is_too_late_after_half_an_hour_or_what_the_setting_says(sales, ready_lead, noon):
    one, other = ready_lead(), ready_lead()
    qualify(sales, one)
    qualify(sales, other)
    noon.advance(timedelta(minutes=30))
    undo(sales, one)
    noon.advance(timedelta(seconds=1))

    refusal = refused(sales, other)

    assert (refusal.status, refusal.slug) == (409, "undo-is-too-late")
    assert refusal.params == {"minutes": 30, "last": "2030-01-15T12:30:00Z"}
    sales.tell(ParameterChanged(key="leads.undo_qualification_minutes", value=60, old=30))
    assert undo(sales, other)["state"] == "open"
    qualify(sales, other)
    sales.tell(ParameterChanged(key="leads.undo_qualification_minutes", value=0, old=60), sequence=2)
    assert refused(sales, other).slug == "undo-is-too-late"


def touch_field(sales, deal_id):
    sales.ask("update_opportunity", deal_id, data={"next_step": "Llamar"}, version=1)


def touch_lines(sales, deal_id):
    sales.ask("add_opportunity_line", deal_id, data=make.line_data())


def touch_stage(sales, deal_id):
    pipeline = sales.ask("list_pipelines").body["items"][0]
    sales.ask("update_opportunity", deal_id, data={"amount": make.euros("1.00")}, version=1)
    sales.ask("move_opportunity", deal_id, data={"stage_id": pipeline["stages"][1]["id"]})


def touch_end(sales, deal_id):
    sales.ask("win_opportunity", deal_id, data={})
    sales.ask("reopen_opportunity", deal_id)


def touch_bin(sales, deal_id):
    sales.ask("delete_opportunity", deal_id)


def touch_quotes(sales, deal_id):
    sales.ask("create_quote", data={"opportunity_id": deal_id})


def touch_activities(sales, deal_id):
    sales.ask("create_activity", data={"kind": "visit", "subject": "Visitar", "opportunity_id": deal_id})


def touch_known_activity(sales, deal_id):
    [call] = sales.ask("list_activities", params={"opportunity_id": deal_id, "state": "planned"}).body["items"]
    sales.ask("finish_activity", call["id"], data={"reached": True})


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    ("touch", "what"),
    [
        (touch_field, "opportunity"),
        (touch_lines, "opportunity"),
        (touch_stage, "opportunity"),
        (touch_end, "opportunity"),
        (touch_bin, "opportunity"),
        (touch_quotes, "quotes"),
        (touch_activities, "activities"),
        (touch_known_activity, "activities"),
    ],
)
def test_once_somebody_touched_the_opportunity_it_stays_and_the_answer_says_what_was_touched(sales, lead, touch, what):
    sales.ask("create_activity", data={"kind": "call", "subject": "Otra vez", "lead_id": lead["id"]})
    deal_id = qualify(sales, lead)
    touch(sales, deal_id)

    refusal = refused(sales, lead, locale="es")

    assert (refusal.status, refusal.slug) == (409, "opportunity-is-touched")
    assert [each["what"] for each in refusal.params["touched"]] == [what]
    assert "oportunidad" in refusal.params["touched"][0]["detail"]
    assert sales.ask("get_lead", lead["id"]).body["state"] == "qualified"


def test_what_was_linked_is_the_leads_alone_again(sales, lead):
    deal_id = qualify(sales, lead)
    undo(sales, lead)

    assert sales.ask("list_activities", params={"opportunity_id": deal_id}).body["items"] == []
    [call] = sales.ask("list_activities", params={"lead_id": lead["id"]}).body["items"]
    assert call["opportunity_id"] is None


def test_an_opportunity_that_was_joined_stays_and_has_nothing_of_the_lead(sales, lead):
    deal = sales.ask("create_opportunity", data=make.opportunity_data(source="fair")).body
    visit = {"kind": "visit", "subject": "Visitar", "opportunity_id": deal["id"], "lead_id": lead["id"]}
    sales.ask("create_activity", data=visit)
    sales.ask("create_quote", data={"opportunity_id": deal["id"]})
    qualify(sales, lead, opportunity_id=deal["id"])

    undo(sales, lead)

    after = sales.ask("get_opportunity", deal["id"]).body
    known = ("source", "person_id", "campaign_id", "source_lead_id", "state")
    assert [after[name] for name in known] == [deal[name] for name in known]
    [kept] = sales.ask("list_activities", params={"opportunity_id": deal["id"]}).body["items"]
    assert kept["subject"] == "Visitar"


def test_without_an_opportunity_there_is_nothing_to_take_back(sales, lead):
    qualify(sales, lead, without_opportunity=True)

    assert undo(sales, lead)["state"] == "open"


def test_only_a_qualified_lead_within_reach_in_the_version_at_hand(sales, lead):
    assert refused(sales, lead).slug == "lead-is-not-qualified"
    qualify(sales, lead)
    assert refused(sales, lead, by=somebody("Eva", leads_write="own")).status == 404
    assert refused(sales, lead, version=1).status == 412
    assert undo(sales, lead, version=sales.ask("get_lead", lead["id"]).body["version"])["state"] == "open"


def test_an_operator_takes_back_what_went_to_somebody_else(sales, ready_lead):
    operator = somebody("Operadora", leads_write="own", leads_read="own")
    lead = ready_lead(owner_id=str(operator.user_id))
    sales.ask("qualify_lead", lead["id"], data={"owner_id": str(sales.actor.user_id)}, by=operator)

    assert undo(sales, lead, by=operator)["state"] == "open"


def at_once(*acts):
    """Do everything at the same time; return what was answered, None where it was refused."""

    def done(act):
        try:
            return act()
        except Refusal:
            return None

    return list(eventlet.GreenPool(len(acts)).imap(done, acts))


@pytest.mark.parametrize("asked", [None, Waiting()], ids=["qualified", "waiting"])
def test_what_was_undone_between_the_two_steps_of_qualifying_is_not_answered_as_done(sales, lead, asked):
    qualify(sales, lead)
    undo(sales, lead)
    with sales.database.write() as session:
        work = UnitOfWork(session, sales.database.metadata, Call(actor=sales.actor))
        refusal = qualify_lead(work, UUID(lead["id"]), {}, asked)
        assert isinstance(refusal, QualificationDidNotLast)
    assert sales.ask("get_lead", lead["id"]).body["state"] == "open"
    assert qualify(sales, lead)


def test_of_many_who_undo_at_once_one_does(sales, lead):
    deal_id = qualify(sales, lead)

    answers = at_once(*[lambda: undo(sales, lead)] * 20)

    assert len([answer for answer in answers if answer]) == 1
    assert sales.refused("get_opportunity", deal_id).status == 404
    assert len([event for event in sales.told() if event.type == "crm.sales.lead_qualification_undone.v1"]) == 1


@pytest.mark.parametrize("change", [touch_field, touch_lines, touch_quotes, touch_activities, touch_bin])
def test_of_undoing_and_changing_at_once_one_is_done_and_the_other_refused(sales, ready_lead, change):
    for turn in range(6):
        lead = ready_lead()
        deal_id = qualify(sales, lead)

        def changed(deal_id=deal_id):
            change(sales, deal_id)
            return True

        acts = [lambda lead=lead: undo(sales, lead), changed]
        answers = at_once(*(acts if turn % 2 else reversed(acts)))

        assert len([answer for answer in answers if answer]) == 1
        state = sales.ask("get_lead", lead["id"]).body["state"]
        in_bin = sales.refused("get_opportunity", deal_id) if state == "open" else None
        assert state == "qualified" or in_bin.status == 404
