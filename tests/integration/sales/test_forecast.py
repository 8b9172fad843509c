import pytest

from tests.factories import sales as make
from tests.kit.service import somebody

STAGES = [
    {"name": name, "probability": "50.00", "category": name} for name in ("pipeline", "best_case", "commit", "omitted")
]


@pytest.fixture
def stages(sales):
    made = sales.ask("create_pipeline", data=make.pipeline_data(stages=STAGES)).body["stages"]
    return {stage["name"]: stage["id"] for stage in made}


@pytest.fixture
def deal(sales, stages):
    def made(stage, amount, expected="2030-01-20", **more):
        money = {"amount": amount, "currency": more.pop("currency", "EUR")}
        data = {"amount": money, "expected_close_on": expected, "stage_id": stages[stage], **more}
        return sales.ask("create_opportunity", data=make.opportunity_data(**data)).body

    return made


def forecast(sales, by=None, **params):
    return sales.ask("get_forecast", params=params, by=by).body


def test_the_book_example_and_what_was_lost_is_never_in_it(sales, deal, price, noon):
    won = deal("pipeline", "50.00")
    sales.ask("win_opportunity", won["id"], data={})
    deal("commit", "100.00")
    deal("best_case", "150.00")
    deal("pipeline", "200.00")
    deal("omitted", "999.00")
    lost = deal("commit", "5000.00")
    sales.ask("lose_opportunity", lost["id"], data={"reason_id": price["id"]})

    total = forecast(sales)["total"]

    assert total["closed"] == make.euros("50.00")
    assert total["commit_forecast"] == make.euros("150.00")
    assert total["best_case_forecast"] == make.euros("300.00")
    assert total["open_pipeline"] == make.euros("450.00")
    assert (total["count"], total["weighted"]) == (4, make.euros("275.00"))


def test_won_ones_count_when_they_closed_and_open_ones_when_they_are_expected_to(sales, deal, noon):
    won = deal("commit", "10.00", "2030-06-01")
    sales.ask("win_opportunity", won["id"], data={"closed_on": "2029-12-20"})
    deal("commit", "20.00", "2030-02-10")

    found = forecast(sales, from_on="2029-12-01", to_on="2030-02-28")

    assert [(each["month"], each["rollup"]["commit_forecast"]["amount"]) for each in found["months"]] == [
        ("2029-12", "10.00"),
        ("2030-02", "20.00"),
    ]
    assert forecast(sales, from_on="2030-03-01")["total"]["count"] == 0


def test_stale_ones_are_shown_apart(sales, deal, noon):
    deal("commit", "70.00", "2029-11-30")
    deal("commit", "30.00")
    deal("commit", "5.00", None)

    this_month = {"from_on": "2030-01-01", "to_on": "2030-01-31"}
    counted, moved = forecast(sales, **this_month), forecast(sales, **this_month, move_stale="true")

    assert counted["stale"]["commit"] == moved["stale"]["commit"] == make.euros("70.00")
    assert counted["total"]["commit"] == make.euros("30.00")
    assert moved["total"]["commit"] == make.euros("100.00")
    assert counted["undated"]["commit"] == make.euros("5.00")


def test_foreign_amounts_are_converted_or_named(sales, stages, deal, noon):
    deal("commit", "100.00", currency="USD")
    assert forecast(sales)["unconverted"] == ["USD"]
    sales.ask("create_exchange_rate", data={"currency": "USD", "on": "2030-01-01", "rate": "0.9"})

    found = forecast(sales)

    assert (found["total"]["commit"], found["unconverted"]) == (make.euros("90.00"), [])


def test_a_seller_sees_the_forecast_of_what_is_within_reach(sales, deal, noon):
    ana = somebody("Ana", forecast_read="own")
    deal("commit", "10.00", owner_id=str(ana.user_id))
    deal("commit", "20.00")

    mine = forecast(sales, by=ana)

    assert mine["total"]["commit"] == make.euros("10.00")
    assert [each["owner_id"] for each in mine["owners"]] == [str(ana.user_id)]
    assert len(forecast(sales)["owners"]) == 2
    assert sales.refused("get_forecast", params={"colour": "red"}).status == 422
