"""Whatever happened, nothing of a forecast's change is unexplained."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis import clock
from chassis.errors import Refusal
from tests.factories import sales as make
from tests.kit.service import somebody

ANA = somebody("Ana", forecast_read="own")
SELLERS = [str(ANA.user_id), str(UUID(int=7))]
BEGIN = datetime(2030, 1, 15, 12, tzinfo=UTC)
PERIODS = [{}, {"from_on": "2030-01-20", "to_on": "2030-02-05"}]

choice = st.integers(0, 5)
cents = st.integers(0, 10**7)
days = st.integers(-3, 40)
EVENTS = st.one_of(
    st.tuples(st.just("create"), choice, cents, days),
    st.tuples(st.sampled_from(["amount", "day", "owner", "category", "move"]), choice, cents, days),
    st.tuples(st.sampled_from(["win", "lose", "reopen", "bin", "restore", "rate"]), choice, cents, days),
    st.tuples(st.just("night"), choice, cents, days),
)


class History:
    """Plays what happens on a service, and remembers the forecast of each night."""

    def __init__(self, sales, keep_forecast, handle):
        self.sales, self.keep_forecast, self.clock = sales, keep_forecast, handle
        self.stages = sales.ask("create_pipeline", data=make.pipeline_data()).body["stages"]
        self.reason = sales.ask("create_close_reason", data=make.reason_data()).body["id"]
        self.deals, self.nights = [], {}
        self.night()

    def play(self, kind, number, amount, day):
        expected = f"{BEGIN + timedelta(days=day):%Y-%m-%d}"
        money = {"amount": str(Decimal(amount) / 100), "currency": ["EUR", "USD"][number % 2]}
        seller, stage = SELLERS[number % 2], self.stages[number % 3]["id"]
        match kind:
            case "create":
                data = {"amount": money, "expected_close_on": expected, "owner_id": seller}
                self.deals.append(self.sales.ask("create_opportunity", data=make.opportunity_data(**data)).body["id"])
            case "night":
                self.night()
            case "rate":
                data = {"currency": "USD", "on": expected, "rate": str(Decimal(amount + 1) / 10**7)}
                self.ask("create_exchange_rate", data=data)
            case _ if self.deals:
                patch = {
                    "amount": {"amount": money},
                    "day": {"expected_close_on": expected if number % 2 else None},
                    "owner": {"owner_id": seller},
                    "category": {"category_override": "omitted" if number % 2 else None},
                }.get(kind)
                command = {
                    "move": ("move_opportunity", {"stage_id": stage}),
                    "win": ("win_opportunity", {}),
                    "lose": ("lose_opportunity", {"reason_id": self.reason}),
                    "reopen": ("reopen_opportunity", None),
                    "bin": ("delete_opportunity", None),
                    "restore": ("restore_opportunity", None),
                }.get(kind)
                deal = self.deals[number % len(self.deals)]
                if command:
                    self.ask(command[0], deal, data=command[1])
                elif known := self.ask("get_opportunity", deal):
                    self.ask("update_opportunity", deal, data=patch, version=known["version"])

    def ask(self, operation, *ids, **how):
        try:
            return self.sales.ask(operation, *ids, **how).body
        except Refusal:
            return None

    def night(self):
        self.clock.advance(timedelta(days=1))
        self.keep_forecast()
        self.nights[f"{clock.utc_now():%Y-%m-%d}"] = self.forecasts()

    def forecasts(self):
        return [
            self.sales.ask("get_forecast", params=period, by=by).body["total"]
            for period in PERIODS
            for by in (None, ANA)
        ]

    def bridges(self, since_on, until_on):
        known = {"since_on": since_on} | ({"until_on": until_on} if until_on else {})
        return [
            self.sales.ask("forecast_changes", params=known | period, by=by).body
            for period in PERIODS
            for by in (None, ANA)
        ]


def figures(rollup):
    return {name: value if name == "count" else Decimal(value["amount"]) for name, value in rollup.items()}


def assert_whole(bridge):
    total = figures(bridge["opening"])
    for change in bridge["changes"]:
        total = {name: total[name] + value for name, value in figures(change["delta"]).items()}
    assert total == figures(bridge["closing"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(EVENTS, max_size=25))
def test_opening_and_changes_are_closing_after_any_history(sales, keep_forecast, events):
    sales.empty()
    with clock.stopped(BEGIN) as handle:
        history = History(sales, keep_forecast, handle)
        for event in events:
            history.play(*event)
        nights, present = list(history.nights), history.forecasts()

        for since_on, until_on in [*pairwise(nights), (nights[0], nights[-1]), (nights[0], None)]:
            closing = history.nights[until_on] if until_on else present
            bridges = history.bridges(since_on, until_on)
            for found, then, end in zip(bridges, history.nights[since_on], closing, strict=True):
                assert (found["total"]["opening"], found["total"]["closing"]) == (then, end)
                for bridge in (found["total"], *(each["bridge"] for each in found["owners"])):
                    assert_whole(bridge)
