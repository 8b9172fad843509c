"""Services that keep what names contacts follow when contacts are merged, and when that is undone."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.context import SYSTEM, Call
from chassis.db.alias_tables import renamed_references
from chassis.following import follow
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind, ContactMerged, ContactUnmerged
from services.sales.domain.lead import Lead
from tests.factories import contacts as make
from tests.factories import sales as make_deal


def person_of(world, deal):
    return world.sales.ask("get_opportunity", deal["id"]).body["person_id"]


def merged(survivor, *absorbed, merge_id=None):
    return ContactMerged(
        merge_id=merge_id or new_id(),
        kind=ContactKind.PERSON,
        survivor_id=survivor,
        absorbed_ids=list(absorbed),
        display_name="Ana",
        links=[],
        field_choices={},
        conflicts=[],
    )


def undone(event):
    return ContactUnmerged(
        merge_id=event.merge_id, kind=event.kind, survivor_id=event.survivor_id, absorbed_ids=event.absorbed_ids
    )


def test_a_service_that_was_down_follows_when_it_is_back(world, ana, ana2):
    deal = world.deal(ana2)
    world.settle()
    world.down.add("sales")
    merge = world.merge(ana, ana2)
    world.settle()
    assert person_of(world, deal) == ana2["id"]
    [shown] = world.contacts.ask("list_person_merges", ana["id"]).body
    assert (shown["id"], shown["waiting_for"]) == (merge["id"], ["sales"])

    world.down.clear()
    world.settle()
    assert person_of(world, deal) == ana["id"]
    [shown] = world.contacts.ask("list_person_merges", ana["id"]).body
    assert shown["waiting_for"] == []
    moved = {each["service"]: each["moved"] for each in shown["followed"]}
    assert moved == {"cases": {}, "notifications": {}, "sales": {"opportunities": 1}}


def test_a_case_opened_by_the_old_id_lands_on_the_survivor(world, ana, ana2):
    before = world.case(ana2)
    world.merge(ana, ana2)
    world.settle()
    after = world.case(ana2)

    assert after["person_id"] == ana["id"]
    for contact in (ana, ana2):
        found = world.cases.ask("list_cases", params={"contact_id": contact["id"]}).body["items"]
        assert {case["id"] for case in found} == {before["id"], after["id"]}
    created = [each.data for each in world.cases.told() if each.type == "crm.cases.case_created.v1"]
    assert created[-1]["person_id"] == ana["id"]


def test_nobody_is_written_to_and_no_clock_moves_because_of_a_merge(world, ana, ana2):
    case = world.case(ana2)
    world.deal(ana2)
    world.settle()
    clocks = world.cases.ask("get_case", case["id"]).body["sla"]
    told = {name: len(world.services[name].told()) for name in ("sales", "cases", "notifications")}
    messages = world.notifications.ask("list_messages").body["items"]
    world.merge(ana, ana2)
    world.settle()

    assert world.notifications.ask("list_messages").body["items"] == messages
    for name, count in told.items():
        assert [each.type for each in world.services[name].told()[count:]] == [f"crm.{name}.contact_merge_followed.v1"]
    shown = world.cases.ask("get_case", case["id"]).body
    assert [clock["due_at"] for clock in shown["sla"]] == [clock["due_at"] for clock in clocks]


def test_undoing_restores_both_with_their_own(world, ana, ana2):
    deals = {contact["id"]: world.deal(contact) for contact in (ana, ana2)}
    cases = {contact["id"]: world.case(contact) for contact in (ana, ana2)}
    world.settle()
    lines = {id_: world.contacts.ask("list_person_timeline", id_).body["items"] for id_ in deals}
    world.merge(ana, ana2)
    world.settle()
    assert {person_of(world, deal) for deal in deals.values()} == {ana["id"]}
    world.unmerge(ana)
    world.settle()

    for id_, deal in deals.items():
        assert person_of(world, deal) == id_
        assert world.cases.ask("get_case", cases[id_]["id"]).body["person_id"] == id_
        shown = world.contacts.ask("list_person_timeline", id_).body["items"]
        assert [line["id"] for line in shown[2:]] == [line["id"] for line in lines[id_]]
        assert [line["type"].split(".")[2] for line in shown[:2]] == ["contact_unmerged", "contact_merged"]
    [shown] = world.contacts.ask("list_person_merges", ana["id"]).body
    assert shown["waiting_for"] == []


def test_a_row_that_names_somebody_else_by_then_keeps_to_that(world, ana, ana2):
    deal = world.deal(ana2)
    world.merge(ana, ana2)
    world.settle()
    luis = world.person(first_name="Luis")
    version = world.sales.ask("get_opportunity", deal["id"]).body["version"]
    world.sales.ask("update_opportunity", deal["id"], data={"person_id": luis["id"]}, version=version)
    world.unmerge(ana)
    world.settle()

    assert person_of(world, deal) == luis["id"]


def test_whoever_holds_an_older_version_cannot_write_the_old_id_back(world, ana, ana2):
    deal = world.deal(ana2)
    world.merge(ana, ana2)
    world.settle()

    stale = world.sales.refused("update_opportunity", deal["id"], data={"name": "Otra"}, version=deal["version"])
    assert stale.status == 412


def test_of_two_members_of_one_campaign_both_stay_and_that_is_said(world, ana, ana2):
    campaigns = []
    for members in ((ana, ana2), (ana2,)):
        data = {"name": "Otoño", "kind": "email"}
        campaign = world.sales.ask("create_campaign", data=data).body["id"]
        data = {"person_ids": [member["id"] for member in members]}
        world.sales.ask("add_campaign_members", campaign, data=data)
        campaigns.append(campaign)
    world.merge(ana, ana2)
    world.settle()

    [merge] = world.contacts.ask("list_person_merges", ana["id"]).body
    [said] = [each for each in merge["followed"] if each["service"] == "sales"]
    assert (said["moved"], said["stayed"]) == ({"campaign-members": 1}, {"campaign-members": 1})
    both, one = (
        {member["person_id"] for member in world.sales.ask("list_campaign_members", campaign).body["items"]}
        for campaign in campaigns
    )
    assert (both, one) == ({ana["id"], ana2["id"]}, {ana["id"]})
    again = world.sales.ask("add_campaign_members", campaigns[1], data={"person_ids": [ana2["id"]]}).body
    assert again == {"added": 0, "already_members": 1, "job_id": None}
    reached = world.sales.ask("reach_campaign_member", campaigns[1], ana2["id"]).body
    assert reached["person_id"] == ana["id"]


def test_what_was_written_while_the_merge_was_followed_follows_as_well(world, ana, ana2, noon):
    world.merge(ana, ana2)
    world.settle()
    deal = world.deal(ana)
    # As a transaction would leave it that began before the alias was there to be seen.
    with world.sales.database.write() as session:
        opportunities = world.sales.database.metadata.tables["opportunities"]
        session.execute(opportunities.update().values(person_id=UUID(ana2["id"])))
    noon.advance(timedelta(minutes=2))
    world.sales.work()

    assert person_of(world, deal) == ana["id"]


@pytest.mark.parametrize("order", ["abcd", "abdc", "acbd", "bacd", "badc", "bdac"])
def test_in_whichever_order_merges_and_their_undoing_become_known_the_end_is_the_same(world, order):
    first, second, third = uuid4(), uuid4(), uuid4()
    deals = [
        world.sales.ask("create_opportunity", data=make_deal.opportunity_data(person_id=str(id_))).body
        for id_ in (first, second, third)
    ]
    into_second = merged(second, first)
    into_third = merged(third, second)
    events = {"a": into_second, "b": into_third, "c": undone(into_second), "d": undone(into_third)}
    for name in order:
        world.sales.tell(events[name])
        world.sales.tell(events[name])

    assert [person_of(world, deal) for deal in deals] == [str(first), str(second), str(third)]
    with world.sales.database.read() as session:
        assert session.execute(renamed_references(world.sales.database.metadata).select()).all() == []


def test_what_is_merged_the_other_way_round_later_does_not_go_in_circles(world):
    first, second = uuid4(), uuid4()
    deals = [
        world.sales.ask("create_opportunity", data=make_deal.opportunity_data(person_id=str(id_))).body
        for id_ in (first, second)
    ]
    there = merged(second, first)
    back = merged(first, second)
    for event in (there, back, undone(there)):
        world.sales.tell(event)
    assert {person_of(world, deal) for deal in deals} == {str(first)}
    world.sales.tell(undone(back))
    assert [person_of(world, deal) for deal in deals] == [str(first), str(second)]
    for event in (back, there, undone(there)):
        world.sales.tell(event)
    assert [person_of(world, deal) for deal in deals] == [str(first), str(first)]


def test_what_was_promised_to_a_company_stays_promised(world):
    acme, other = (world.contacts.ask("create_company", data=make.company_data()).body for _ in range(2))
    policy = world.cases.ask("list_sla_policies").body["items"][0]
    own = {"name": "Para Acme", "company_ids": [other["id"]], "targets": policy["targets"]}
    own = world.cases.ask("create_sla_policy", data=own).body
    world.merge(acme, other, kind="company")
    world.settle()

    for company in (acme, other):
        case = world.cases.ask("create_case", data={"subject": "No imprime", "company_id": company["id"]}).body
        assert case["company_id"] == acme["id"]
        assert {clock["policy"] for clock in case["sla"]} == {own["name"]}


def test_whoever_wants_to_hear_of_a_contact_hears_of_the_one_that_is_left(world, ana, ana2):
    def conditions():
        return world.notifications.ask("get_notification_rule", rule["id"]).body["filters"][0]["values"]

    data = {
        "name": "Ana buys",
        "events": ["crm.sales.opportunity_won.v1"],
        "filters": [{"member": "data.person_id", "values": [ana2["id"]]}],
        "recipients": [{"role": "owner"}],
        "channels": ["in_app"],
        "subject": {"es": "Ana compra", "en": "Ana buys"},
        "text": {"es": "Ana compra.", "en": "Ana buys."},
    }
    rule = world.notifications.ask("create_notification_rule", data=data).body
    for _ in range(2):
        world.merge(ana, ana2)
        world.settle()
        assert conditions() == [ana2["id"], ana["id"]]
        world.unmerge(ana)
        world.settle()
        assert conditions() == [ana2["id"]]


def test_it_can_be_asked_beforehand_how_much_would_move(world, ana, ana2):
    world.deal(ana2)
    world.case(ana2)
    count = {"params": {"contact_id": ana2["id"]}}
    assert world.sales.ask("contact_holdings", **count).body == {"opportunities": 1}
    assert world.cases.ask("contact_holdings", **count).body == {"cases": 1}
    assert world.notifications.ask("contact_holdings", **count).body == {}
    assert world.contacts.ask("customer_holdings", ana2["id"]).body == {}
    world.merge(ana, ana2)
    world.settle()
    assert world.sales.ask("contact_holdings", **count).body == {"opportunities": 1}
    assert world.sales.ask("contact_holdings", params={"contact_id": ana["id"]}).body == {"opportunities": 1}


def test_what_one_transaction_names_before_and_after_it_follows_a_merge_lands_on_the_survivor(world, ana, ana2):
    sales = world.sales.database
    event = merged(UUID(ana["id"]), UUID(ana2["id"]))
    with sales.write() as session:
        work = UnitOfWork(session, sales.metadata, Call(actor=SYSTEM))
        leads = []
        for title in ("Antes", "Después"):
            leads.append(work.add(Lead(title=title, person_id=UUID(ana2["id"]))))
            work.flush()
            if title == "Antes":
                follow(work, event.merge_id, event.absorbed_ids, event.survivor_id)

    named = {lead.title: world.sales.ask("get_lead", str(lead.id)).body["person_id"] for lead in leads}

    assert named == {"Antes": ana["id"], "Después": ana["id"]}
