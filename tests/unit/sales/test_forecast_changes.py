from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.money import Money
from services.sales.domain.exchange import Rates
from services.sales.domain.forecast_changes import Account, Pair
from services.sales.domain.forecast_move import Period, Standing
from services.sales.domain.opportunity_state import ForecastCategory, OpportunityState

ONE, ANA, BOB = UUID(int=1), UUID(int=2), UUID(int=3)
FEBRUARY = Period(from_on=date(2030, 2, 1), to_on=date(2030, 2, 28))
FIGURES = [
    "count",
    "closed",
    "commit",
    "best_case",
    "pipeline",
    "commit_forecast",
    "best_case_forecast",
    "open_pipeline",
    "weighted",
]
THEN = {"rates": Rates("EUR", [("USD", date(2030, 1, 1), Decimal("0.9"))]), "today": date(2030, 1, 15)}
NOW = {"rates": Rates("EUR", [("USD", date(2030, 1, 20), Decimal("0.8"))]), "today": date(2030, 1, 22)}
IN, OUT = date(2030, 2, 10), date(2030, 3, 10)


def money(amount, currency="EUR"):
    return Money(Decimal(amount), currency)


def then(**more):
    return standing(**THEN, **more)


def now(**more):
    return standing(**NOW, **more)


def won(**more):
    known = {"state": OpportunityState.WON, "category": ForecastCategory.CLOSED, "probability": Decimal(100)}
    return now(**{**known, **more})


def lost(side=now):
    return side(state=OpportunityState.LOST, category=ForecastCategory.OMITTED, probability=Decimal(0))


def standing(**more):
    plain = {
        "state": OpportunityState.OPEN,
        "category": ForecastCategory.COMMIT,
        "amount": money(100),
        "probability": Decimal(50),
        "day": IN,
        "owner_id": ANA,
    }
    return Standing(**{**plain, **more})


def told(before, after, period=FEBRUARY):
    """Return what the bridge of one opportunity says: each cause with what it did to the best case forecast."""
    account = Account(period)
    account.add(Pair(ONE, before, after))
    bridge = account.total("EUR")
    assert_whole(bridge)
    return [(each.cause.value, each.delta.best_case_forecast.amount) for each in bridge.changes]


def assert_whole(bridge):
    for figure in FIGURES:
        total = getattr(bridge.opening, figure)
        for change in bridge.changes:
            total += getattr(change.delta, figure)
        assert total == getattr(bridge.closing, figure), figure


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (then(), now(), []),
        (None, now(), [("new", 100)]),
        (None, won(), [("won", 100)]),
        (None, lost(), []),
        (then(binned=True), now(), [("restored", 100)]),
        (then(), now(binned=True), [("removed", -100)]),
        (then(), lost(), [("lost", -100)]),
        (lost(then), now(), [("reopened", 100)]),
        (then(), won(), [("won", 0)]),
        (then(amount=money(80)), won(), [("amount_up", 20), ("won", 0)]),
        (then(), won(day=OUT), [("won", -100)]),
        (then(day=OUT), now(), [("pulled_in", 100)]),
        (then(), now(day=OUT), [("pushed_out", -100)]),
        (then(), now(day=None), [("pushed_out", -100)]),
        (then(), now(amount=money(130)), [("amount_up", 30)]),
        (then(), now(amount=money(70)), [("amount_down", -30)]),
        (then(amount=None), now(), [("amount_up", 100)]),
        (then(), now(category=ForecastCategory.PIPELINE), [("category", -100)]),
        (then(category=ForecastCategory.OMITTED), now(), [("category", 100)]),
        (then(), now(probability=Decimal(80)), [("probability", 0)]),
        (then(), now(owner_id=BOB), [("reassigned", 0)]),
        (then(amount=money(100, "USD")), now(amount=money(100, "USD")), [("rate", -10)]),
        (then(), Standing(reached=False, **NOW), [("reassigned", -100)]),
        (Standing(reached=False, **THEN), now(), [("reassigned", 100)]),
    ],
)
def test_each_cause_is_told_by_its_name(before, after, wanted):
    assert told(before, after) == wanted


def test_what_leaves_takes_all_that_it_counted_for_and_what_enters_brings_all():
    assert told(then(), now(day=OUT, amount=money(170))) == [("pushed_out", -100)]
    assert told(then(day=OUT), now(amount=money(170))) == [("pulled_in", 170)]


def test_between_sellers_the_whole_goes_over_before_anything_else_changes():
    account = Account(FEBRUARY)
    account.add(Pair(ONE, then(), now(owner_id=BOB, amount=money(130))))

    by = {each.owner_id: each.bridge for each in account.owners("EUR")}

    assert [(each.cause, each.delta.commit.amount) for each in by[ANA].changes] == [("reassigned", -100)]
    assert [(each.cause, each.delta.commit.amount) for each in by[BOB].changes] == [
        ("amount_up", 30),
        ("reassigned", 100),
    ]


def test_an_amount_without_a_rate_is_named_and_comes_with_its_rate():
    account = Account(FEBRUARY)
    dollars = {"amount": money(100, "USD")}
    nothing = {"rates": Rates("EUR", ()), "today": date(2030, 1, 15)}
    account.add(Pair(ONE, standing(**nothing, **dollars), now(**dollars)))

    assert account.unconverted == {"USD"}
    assert [(each.cause, each.delta.count) for each in account.total("EUR").changes] == [("rate", 1)]


DAYS = st.one_of(st.none(), st.integers(0, 90).map(lambda days: date(2029, 12, 20) + timedelta(days)))
AMOUNTS = st.one_of(
    st.none(),
    st.builds(
        lambda cents, currency: money(Decimal(cents) / 100, currency),
        st.integers(0, 10**9),
        st.sampled_from(["EUR", "USD", "CHF"]),
    ),
)


def standings(side):
    known = st.builds(
        lambda **facts: standing(**side, **facts),
        state=st.sampled_from(OpportunityState),
        category=st.sampled_from(ForecastCategory),
        amount=AMOUNTS,
        probability=st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100),
        day=DAYS,
        owner_id=st.sampled_from([ANA, BOB, None]),
        binned=st.booleans(),
    )
    return st.one_of(st.none(), st.just(Standing(reached=False, **side)), known)


@given(
    st.lists(st.tuples(standings(THEN), standings(NOW)), max_size=12),
    st.sampled_from([Period(), FEBRUARY, Period(to_on=IN)]),
)
def test_opening_and_changes_are_closing_in_each_figure_for_all_and_for_each_seller(sides, period):
    account = Account(period)
    for number, (before, after) in enumerate(sides):
        account.add(Pair(UUID(int=number), before, after))

    total, owners = account.total("EUR"), [each.bridge for each in account.owners("EUR")]

    for bridge in (total, *owners):
        assert_whole(bridge)
    for side, figure in product(("opening", "closing"), FIGURES):
        wanted = getattr(getattr(total, side), figure)
        found = wanted - wanted
        for bridge in owners:
            found += getattr(getattr(bridge, side), figure)
        assert found == wanted
