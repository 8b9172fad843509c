from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from contracts.administration import CustomFieldDefined, UserDeactivated
from tests.factories import sales as make
from tests.kit.service import somebody


def test_an_opportunity_begins_in_the_first_stage_of_the_default_pipeline_and_is_told(sales, pipeline):
    person, company = str(uuid4()), str(uuid4())
    data = make.opportunity_data(name="Tornos", person_id=person, company_id=company, amount=make.euros("1500.00"))

    created = sales.ask("create_opportunity", data=data).body

    assert created["stage_id"] == pipeline["stages"][0]["id"]
    assert (created["state"], created["probability"], created["category"]) == ("open", "10.00", "pipeline")
    assert created["weighted"] == make.euros("150.00")
    assert sales.ask("get_opportunity", created["id"]).body == created
    [told] = [event for event in sales.told() if event.type == "crm.sales.opportunity_created.v1"]
    assert (told.subject, set(map(str, told.concerns))) == (f"opportunities/{created['id']}", {person, company})


def test_the_amount_is_the_exact_sum_of_the_lines(sales, deal):
    lines = [
        make.line_data(quantity="3", unit_price=make.euros("0.10"), discount="5"),
        make.line_data(quantity="0.3333", unit_price=make.euros("99.99"), discount="12.50"),
    ]
    for line in lines:
        deal = sales.ask("add_opportunity_line", deal["id"], data=line).body

    # 0.285 is rounded half to even; 0.3333 × 99.99 × 0.875 = 29.1605…
    assert [line["total"]["amount"] for line in deal["lines"]] == ["0.28", "29.16"]
    assert deal["amount"] == make.euros("29.44")
    first = deal["lines"][0]["id"]
    deal = sales.ask("replace_opportunity_line", deal["id"], first, data=make.line_data(quantity="2")).body
    assert (deal["amount"], deal["lines"][0]["id"]) == (make.euros("229.16"), first)
    sales.ask("remove_opportunity_line", deal["id"], first)
    assert sales.ask("get_opportunity", deal["id"]).body["amount"] == make.euros("29.16")


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        ({"quantity": "0"}, "quantity-is-not-positive"),
        ({"quantity": "99999999999999", "unit_price": make.euros("99999999999999.00")}, "amount-is-too-large"),
        ({"unit_price": {"amount": "100", "currency": "USD"}}, "currency-is-another"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(sales, deal, line, slug):
    sales.ask("add_opportunity_line", deal["id"], data=make.line_data())

    assert sales.refused("add_opportunity_line", deal["id"], data=make.line_data(**line)).slug == slug


def test_with_lines_the_amount_is_not_written_by_hand(sales, deal):
    sales.ask("add_opportunity_line", deal["id"], data=make.line_data())

    refusal = sales.refused("update_opportunity", deal["id"], data={"amount": make.euros("1.00")}, version=2)

    assert refusal.slug == "lines-give-the-amount"


def test_moving_meets_the_criteria_of_every_stage_on_the_way(sales, pipeline, deal):
    _, proposal, closing = (stage["id"] for stage in pipeline["stages"])

    refusal = sales.refused("move_opportunity", deal["id"], data={"stage_id": closing})

    assert refusal.slug == "entry-criteria-unmet"
    assert [(unmet["stage"], unmet["criterion"]) for unmet in refusal.params["unmet"]] == [
        ("Propuesta", "person"),
        ("Propuesta", "amount"),
        ("Cierre", "expected_close"),
    ]
    facts = {"person_id": str(uuid4()), "amount": make.euros("10.00"), "expected_close_on": "2030-02-01"}
    sales.ask("update_opportunity", deal["id"], data=facts, version=1)
    moved = sales.ask("move_opportunity", deal["id"], data={"stage_id": closing}).body
    assert (moved["stage_id"], moved["probability"], moved["category"]) == (closing, "80.00", "commit")
    back = sales.ask("move_opportunity", deal["id"], data={"stage_id": proposal}).body
    assert back["category"] == "best_case"
    assert sales.refused("move_opportunity", deal["id"], data={"stage_id": str(uuid4())}).slug == "stage-is-unknown"


def test_the_history_says_how_long_an_opportunity_was_in_each_stage(sales, pipeline, price, noon):
    deal = sales.ask(
        "create_opportunity", data=make.opportunity_data(person_id=str(uuid4()), amount=make.euros("10.00"))
    ).body
    noon.advance(timedelta(days=2))
    sales.ask("move_opportunity", deal["id"], data={"stage_id": pipeline["stages"][1]["id"]})
    noon.advance(timedelta(hours=1))
    sales.ask("lose_opportunity", deal["id"], data={"reason_id": price["id"], "note": "Otro más barato"})
    sales.ask("reopen_opportunity", deal["id"])

    steps = sales.ask("opportunity_stages", deal["id"]).body

    assert [(each["step"], each["to_stage"], each["seconds_before"]) for each in steps] == [
        ("created", "Contacto", None),
        ("moved", "Propuesta", 172_800),
        ("lost", "Propuesta", 3_600),
        ("reopened", "Propuesta", None),
    ]
    assert steps[2]["reason"] == "price: Otro más barato"


def test_moving_where_it_is_already_changes_nothing(sales, pipeline, deal):
    again = sales.ask("move_opportunity", deal["id"], data={"stage_id": deal["stage_id"]}).body

    assert again == deal
    assert len(sales.ask("opportunity_stages", deal["id"]).body) == 1


def test_another_probability_than_the_stages_needs_a_reason_and_ends_with_the_stage(sales, pipeline, deal):
    refusal = sales.refused("update_opportunity", deal["id"], data={"probability_override": "35"}, version=1)
    assert refusal.slug == "override-needs-a-reason"
    data = {
        "probability_override": "35",
        "probability_reason": "Nos lo ha dicho el gerente",
        "person_id": str(uuid4()),
        "amount": make.euros("200.00"),
    }

    changed = sales.ask("update_opportunity", deal["id"], data=data, version=1).body

    assert (changed["probability"], changed["weighted"]) == ("35.00", make.euros("70.00"))
    moved = sales.ask("move_opportunity", deal["id"], data={"stage_id": pipeline["stages"][1]["id"]}).body
    assert (moved["probability"], moved["probability_override"], moved["probability_reason"]) == ("50.00", None, None)


def test_the_category_follows_the_stage_unless_overridden(sales, pipeline, deal):
    data = {"category_override": "omitted", "person_id": str(uuid4()), "amount": make.euros("1.00")}
    assert sales.ask("update_opportunity", deal["id"], data=data, version=1).body["category"] == "omitted"

    moved = sales.ask("move_opportunity", deal["id"], data={"stage_id": pipeline["stages"][1]["id"]}).body
    assert moved["category"] == "omitted"
    back = sales.ask("update_opportunity", deal["id"], data={"category_override": None}, version=moved["version"]).body
    assert back["category"] == "best_case"


def test_winning_closes_an_opportunity_and_is_told(sales, deal, noon):
    won = sales.ask("win_opportunity", deal["id"], data={"closed_on": "2030-01-14"}).body

    assert (won["state"], won["category"], won["probability"]) == ("won", "closed", "100.00")
    assert won["closed_on"] == "2030-01-14"
    assert won["stage_id"] == deal["stage_id"]
    assert sales.told()[-1].type == "crm.sales.opportunity_won.v1"
    for operation, data in (("win_opportunity", {}), ("move_opportunity", {"stage_id": deal["stage_id"]})):
        assert sales.refused(operation, deal["id"], data=data).slug == "opportunity-is-closed"


def test_nothing_is_won_tomorrow(sales, deal, noon):
    refusal = sales.refused("win_opportunity", deal["id"], data={"closed_on": "2030-01-16"})

    assert refusal.slug == "closes-in-the-future"


def test_losing_needs_an_active_reason_of_the_catalogue(sales, deal, price):
    other = sales.ask("create_close_reason", data=make.reason_data(ending="lead")).body
    assert sales.refused("lose_opportunity", deal["id"], data={}).status == 422
    assert sales.refused("lose_opportunity", deal["id"], data={"reason_id": other["id"]}).slug == (
        "close-reason-is-unknown"
    )

    lost = sales.ask("lose_opportunity", deal["id"], data={"reason_id": price["id"]}).body

    assert (lost["state"], lost["category"], lost["close_reason_id"]) == ("lost", "omitted", price["id"])
    assert sales.told()[-1].data["reason"] == "price"


def test_a_closed_opportunity_is_reopened_where_it_ended(sales, deal, price):
    assert sales.refused("reopen_opportunity", deal["id"]).slug == "opportunity-is-open"
    sales.ask("lose_opportunity", deal["id"], data={"reason_id": price["id"]})

    again = sales.ask("reopen_opportunity", deal["id"]).body

    assert (again["state"], again["category"], again["probability"]) == ("open", "pipeline", "10.00")
    assert (again["closed_on"], again["close_reason_id"]) == (None, None)
    assert sales.told()[-1].data["was"] == "lost"


def test_sellers_see_what_is_theirs(sales, pipeline):
    ana = somebody("Ana", opportunities_read="own", opportunities_write="own")
    eva = somebody("Eva", opportunities_read="own", opportunities_write="own")
    deal = sales.ask("create_opportunity", data=make.opportunity_data(), by=ana).body

    assert sales.ask("list_opportunities", by=eva).body["items"] == []
    assert sales.refused("win_opportunity", deal["id"], data={}, by=eva).status == 404
    assert sales.refused("create_pipeline", data=make.pipeline_data(), by=ana).slug == "permission-denied"
    assert sales.ask("list_opportunities", params={"q": deal["name"]}, by=ana).body["items"][0]["id"] == deal["id"]


def test_many_opportunities_are_opened_at_once(sales, pipeline):
    items = [make.opportunity_data(), {"name": "Sin embudo", "pipeline_id": str(uuid4())}]

    results = sales.ask("bulk_create_opportunities", data={"items": items}).body["items"]

    assert [result["status"] for result in results] == [201, 404]


def test_what_is_sold_to_a_customer_is_found_by_person_and_by_company(sales, pipeline):
    person, company = str(uuid4()), str(uuid4())
    data = make.opportunity_data(person_id=person, company_id=company)
    deal = sales.ask("create_opportunity", data=data).body
    sales.ask("create_opportunity", data=make.opportunity_data(person_id=str(uuid4())))

    for contact in (person, company):
        found = sales.ask("list_opportunities", params={"contact_id": contact}).body["items"]
        assert [each["id"] for each in found] == [deal["id"]]


def test_what_belonged_to_somebody_who_left_is_handed_over(sales, pipeline):
    ana, eva = somebody("Ana"), uuid4()
    deal = sales.ask("create_opportunity", data=make.opportunity_data(), by=ana).body
    lead = sales.ask("create_lead", data=make.lead_data(), by=ana).body

    sales.tell(UserDeactivated(user_id=ana.user_id, handover_to=eva, deactivated_at=datetime(2030, 1, 1, tzinfo=UTC)))

    assert sales.ask("get_opportunity", deal["id"]).body["owner_id"] == str(eva)
    assert sales.ask("get_lead", lead["id"]).body["owner_id"] == str(eva)


def test_an_installation_has_fields_of_its_own(sales, pipeline):
    field = {
        "field_id": uuid4(),
        "resource": "opportunities",
        "name": "machine",
        "kind": "text",
        "required": False,
        "options": [],
        "labels": {"es": "Máquina", "en": "Machine"},
        "default": None,
    }
    sales.tell(CustomFieldDefined(**field))

    deal = sales.ask("create_opportunity", data=make.opportunity_data(custom={"machine": "X-7"})).body

    assert deal["custom"] == {"machine": "X-7"}
    found = sales.ask("list_opportunities", params={"custom.machine": "X-7"}).body["items"]
    assert [each["id"] for each in found] == [deal["id"]]
    assert sales.refused("create_opportunity", data=make.opportunity_data(custom={"other": "1"})).status == 422
