from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from chassis.bus.scheduler import Scheduler
from chassis.timers import Timers
from contracts.administration import ParameterChanged
from services.sales import handlers
from services.sales.domain.forecast_snapshot import ForecastEntry, ForecastRate
from tests.factories import sales as make
from tests.kit.service import somebody

DAY = timedelta(days=1)


@pytest.fixture
def deal(sales, pipeline):
    def made(amount="100.00", expected="2030-02-10", stage=0, currency="EUR", **more):
        money = {"amount": amount, "currency": currency}
        data = {"amount": money, "expected_close_on": expected, "stage_id": pipeline["stages"][stage]["id"], **more}
        return sales.ask("create_opportunity", data=make.opportunity_data(**data)).body

    return made


def update(sales, deal, **changes):
    version = sales.ask("get_opportunity", deal["id"]).body["version"]
    return sales.ask("update_opportunity", deal["id"], data=changes, version=version).body


def days(sales):
    return [each["on"] for each in sales.ask("list_forecast_snapshots").body["items"]]


def changes(sales, by=None, **params):
    return sales.ask("forecast_changes", params={"since_on": "2030-01-15", **params}, by=by).body


def told(bridge):
    return [
        (each["cause"], each["opportunities"], each["delta"]["open_pipeline"]["amount"]) for each in bridge["changes"]
    ]


def rows(sales, model=ForecastEntry):
    with sales.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_each_day_has_one_snapshot_however_often_it_is_looked(sales, deal, keep_forecast, noon):
    deal()
    for _ in range(3):
        keep_forecast()
    noon.advance(DAY)
    keep_forecast()

    assert days(sales) == ["2030-01-16", "2030-01-15"]
    taken = [event for event in sales.told() if event.type.endswith("forecast_snapshot_taken.v1")]
    assert [event.data["on"] for event in taken] == ["2030-01-15", "2030-01-16"]


def test_a_service_that_starts_takes_one_at_once(sales, noon):
    scheduler = Scheduler("sales", sales.database, sales.database.metadata, Timers.declared_in(handlers))
    scheduler._prepare()
    while scheduler.fire_due():
        pass

    assert days(sales) == ["2030-01-15"]


def test_the_day_begins_at_midnight_where_the_installation_is(sales, keep_forecast, noon):
    noon.at(datetime(2030, 1, 15, 22, 59, tzinfo=UTC))
    keep_forecast()
    noon.at(datetime(2030, 1, 15, 23, 0, tzinfo=UTC))
    keep_forecast()

    assert days(sales) == ["2030-01-16", "2030-01-15"]


def test_after_days_without_the_service_there_is_one_for_the_present_day_alone(sales, deal, keep_forecast, noon):
    sold = deal()
    keep_forecast()
    noon.advance(3 * DAY)
    update(sales, sold, amount=make.euros("150.00"))
    keep_forecast()

    assert days(sales) == ["2030-01-18", "2030-01-15"]
    found = changes(sales, until_on="2030-01-17")
    assert (found["since_on"], found["until_on"], found["total"]["changes"]) == ("2030-01-15", "2030-01-15", [])
    assert told(changes(sales, until_on="2030-01-18")["total"]) == [("amount_up", 1, "50.00")]


def test_a_snapshot_shows_the_forecast_as_it_was_with_the_rates_of_then(sales, deal, keep_forecast, noon):
    sales.ask("create_exchange_rate", data={"currency": "USD", "on": "2030-01-01", "rate": "0.9"})
    deal(currency="USD")
    won = deal("40.00")
    sales.ask("win_opportunity", won["id"], data={})
    before = sales.ask("get_forecast").body
    keep_forecast()
    rate = sales.ask("list_exchange_rates").body["items"][0]
    sales.ask("update_exchange_rate", rate["id"], data={"rate": "0.5"}, version=rate["version"])
    sales.ask("reopen_opportunity", won["id"])

    [snapshot] = sales.ask("list_forecast_snapshots").body["items"]

    assert (before["total"]["closed"], before["total"]["pipeline"]) == (make.euros("40.00"), make.euros("90.00"))
    assert sales.ask("get_forecast_snapshot", snapshot["id"]).body == before
    assert told(changes(sales)["total"]) == [("reopened", 1, "40.00"), ("rate", 1, "-40.00")]
    assert sales.refused("get_forecast_snapshot", uuid4()).status == 404


def test_what_changed_between_two_nights_and_until_now(sales, deal, price, keep_forecast, noon):
    february = {"from_on": "2030-02-01", "to_on": "2030-02-28"}
    raised, pushed, lost, won = deal("100.00"), deal("200.00"), deal("300.00"), deal("400.00")
    pulled = deal("500.00", "2030-03-05")
    keep_forecast()
    noon.advance(DAY)
    update(sales, raised, amount=make.euros("110.00"))
    update(sales, pushed, expected_close_on="2030-03-01")
    sales.ask("lose_opportunity", lost["id"], data={"reason_id": price["id"]})
    keep_forecast()
    noon.advance(DAY)
    sales.ask("win_opportunity", won["id"], data={"closed_on": "2030-01-17"})
    update(sales, pulled, expected_close_on="2030-02-20")
    new = deal("7.00")

    night = changes(sales, until_on="2030-01-16", **february)
    today = changes(sales, since_on="2030-01-16", **february)

    assert night["total"]["opening"]["open_pipeline"] == make.euros("1000.00")
    assert told(night["total"]) == [("amount_up", 1, "10.00"), ("pushed_out", 1, "-200.00"), ("lost", 1, "-300.00")]
    assert night["total"]["closing"] == today["total"]["opening"]
    assert told(today["total"]) == [("new", 1, "7.00"), ("pulled_in", 1, "500.00"), ("won", 1, "-400.00")]
    assert today["total"]["closing"] == sales.ask("get_forecast", params=february).body["total"]
    assert [(each["opportunity_id"], each["cause"]) for each in today["largest"]] == [
        (pulled["id"], "pulled_in"),
        (won["id"], "won"),
        (new["id"], "new"),
    ]


def test_a_seller_sees_what_came_and_went_and_nothing_of_how_it_was_elsewhere(sales, deal, keep_forecast, noon):
    ana = somebody("Ana", forecast_read="own")
    mine = deal("100.00", owner_id=str(ana.user_id))
    theirs, other = deal("200.00"), deal("300.00")
    keep_forecast()
    update(sales, mine, owner_id=str(uuid4()))
    update(sales, theirs, owner_id=str(ana.user_id), amount=make.euros("250.00"))
    update(sales, other, amount=make.euros("999.00"))

    found = changes(sales, by=ana)

    assert found["total"]["opening"]["open_pipeline"] == make.euros("100.00")
    assert told(found["total"]) == [("reassigned", 2, "150.00")]
    assert found["total"]["closing"]["open_pipeline"] == make.euros("250.00")
    assert [each["owner_id"] for each in found["owners"]] == [str(ana.user_id)]
    assert {each["opportunity_id"] for each in found["largest"]} == {mine["id"], theirs["id"]}
    assert told(changes(sales, owner_id=str(ana.user_id))["total"]) == told(found["total"])
    everybody = changes(sales)["total"]
    assert told(everybody) == [("amount_up", 2, "749.00"), ("reassigned", 2, "0.00")]


def test_a_group_sees_its_own(sales, deal, keep_forecast, noon):
    ana, bob = somebody("Ana", forecast_read="team"), somebody("Bob", forecast_read="team")
    data = make.opportunity_data(amount=make.euros("10.00"), expected_close_on="2030-02-01")
    ana.permissions["opportunities:write"] = "team"
    sales.ask("create_opportunity", data=data, by=ana)
    keep_forecast()

    assert changes(sales, by=ana)["total"]["opening"]["count"] == 1
    assert changes(sales, by=bob)["total"]["opening"]["count"] == 0


def test_a_forecast_of_one_pipeline(sales, deal, keep_forecast, noon):
    other = sales.ask("create_pipeline", data=make.pipeline_data(is_default=False)).body
    keep_forecast()
    deal("10.00")
    deal("20.00", pipeline_id=other["id"], stage_id=other["stages"][0]["id"])

    assert told(changes(sales, pipeline_id=other["id"])["total"]) == [("new", 1, "20.00")]


def test_what_looks_as_it_did_is_not_kept_again(sales, deal, keep_forecast, noon):
    one, _two = deal(), deal()
    sales.ask("create_exchange_rate", data={"currency": "USD", "on": "2030-01-01", "rate": "0.9"})
    for _ in range(5):
        keep_forecast()
        noon.advance(DAY)
    assert (rows(sales), rows(sales, ForecastRate)) == (2, 1)
    update(sales, one, notes="Nothing of it counts")
    keep_forecast()
    noon.advance(DAY)
    assert rows(sales) == 2
    update(sales, one, expected_close_on="2030-04-01")
    keep_forecast()
    assert rows(sales) == 3


def test_snapshots_are_forgotten_when_their_days_are_over(sales, deal, keep_forecast, noon):
    sales.tell(ParameterChanged(key="forecast.snapshot_days", value=7, old=400))
    sold = deal()
    for number in range(12):
        update(sales, sold, amount=make.euros(f"{number + 1}.00"))
        keep_forecast()
        noon.advance(DAY)

    assert (len(days(sales)), rows(sales)) == (8, 8)
    assert days(sales)[-1] == "2030-01-19"
    assert changes(sales, since_on="2030-01-19")["total"]["opening"]["open_pipeline"] == make.euros("5.00")


def test_what_cannot_be_compared_is_refused_and_says_why(sales, keep_forecast, noon):
    assert sales.refused("forecast_changes", params={"since_on": "2030-01-15"}).slug == "no-forecast-snapshot"
    keep_forecast()
    early = sales.refused("forecast_changes", params={"since_on": "2030-01-14"})
    assert (early.slug, early.params["on"]) == ("no-forecast-snapshot", "2030-01-14")
    backwards = sales.refused("forecast_changes", params={"since_on": "2030-01-15", "until_on": "2030-01-14"})
    assert (backwards.status, backwards.slug) == (422, "since-lies-behind-until")
    assert sales.refused("forecast_changes", params={}).params["errors"][0]["parameter"] == "since_on"
    sales.tell(ParameterChanged(key="organisation.currency", value="USD", old="EUR"))
    other = sales.refused("forecast_changes", params={"since_on": "2030-01-15"})
    assert (other.slug, other.params) == ("forecast-currency-changed", {"opening": "EUR", "closing": "USD"})
